using Vprox.Lab.Probes;
using Vprox.Lab.Topology;

[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]
[assembly: AssemblyFixture(typeof(Vprox.Acceptance.Tests.SharedLab))]

namespace Vprox.Acceptance.Tests;

/// <summary>One lab with all services for nearly all tests: its start takes seconds. Each test leaves it as it found it.</summary>
public sealed class SharedLab : IAsyncLifetime
{
    /// <summary>Addresses in the pool.</summary>
    public const int ElasticIps = 16;

    /// <summary>How long a released address rests.</summary>
    public static readonly TimeSpan Quarantine = TimeSpan.FromSeconds(6);

    private VproxLab? _lab;
    private Exception? _failure;

    /// <summary>Two nodes; an ordinary worker, and one whose containers' subnet is fail-closed.</summary>
    /// <exception cref="InvalidOperationException">It did not start; every test then says why.</exception>
    public VproxLab Lab => _lab ?? throw new InvalidOperationException($"The lab did not start: {_failure?.Message}", _failure);

    public LabWorker Worker => Lab.Workers[0];

    /// <summary>Its containers' subnet is named in FailClosedSubnets.</summary>
    public LabWorker ClosedWorker => Lab.Workers[1];

    public async ValueTask InitializeAsync()
    {
        try
        {
            _lab = await VproxLab.StartAsync(new LabOptions
            {
                Workers = 2,
                ContainersPerWorker = 3,
                ElasticIps = ElasticIps,
                Environment = new Dictionary<string, string>
                {
                    ["Failover__RecoverAfter"] = "00:00:02",
                    ["Allocator__Quarantine"] = Quarantine.ToString(),
                    ["Allocator__ReconcileInterval"] = "00:00:01",
                    ["WorkerAgent__FailClosedSubnets__0"] = LabPlan.ContainerSubnet(2).ToString(),
                    ["WorkerAgent__Linger"] = "00:00:01",
                    ["WorkerAgent__RouteTimeout"] = "00:00:20",
                },
            });
            foreach (var worker in _lab.Workers)
                await DualStack.EnableAsync(_lab, worker);
        }
        catch (LabException failure)
        {
            _failure = failure;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_lab is not null)
            await _lab.DisposeAsync();
    }
}
