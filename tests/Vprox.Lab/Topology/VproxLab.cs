using System.Collections.Immutable;
using System.Diagnostics;
using Vprox.Lab.Broker;
using Vprox.Lab.Cloud.Admin;
using Vprox.Lab.Namespaces;
using Vprox.Lab.Scheduling;
using Vprox.Lab.Topology.Faults;
using Vprox.Lab.Topology.Processes;

namespace Vprox.Lab.Topology;

/// <summary>
/// A whole small world in network namespaces: an internet, a VPC with a cloud, proxy nodes, workers with containers, a control host with
/// the broker and the central services. Nothing of it reaches the machine's own network. Disposing it leaves nothing behind.
/// </summary>
public sealed partial class VproxLab : IAsyncDisposable
{
    private readonly LabOptions _options;
    private readonly LabDirectory _directory;
    private ImmutableList<LabHost> _hosts = [];

    private VproxLab(LabOptions options)
    {
        _options = options;
        Name = NetworkNamespace.RandomPrefix();
        Plan = new LabPlan(options);
        _directory = LabDirectory.Create(Name);
    }

    /// <summary>vprox- and 8 hexadecimal digits; every namespace's name begins with it.</summary>
    public string Name { get; }

    /// <summary>Logs and state of all hosts, a folder each.</summary>
    public string Directory => _directory.Location;

    public LabPlan Plan { get; }

    /// <summary>VPC router and internet gateway; the cloud runs here.</summary>
    public LabHost Gateway { get; private set; } = null!;

    /// <summary>Broker, Allocator and Failover.</summary>
    public LabHost Control { get; private set; } = null!;

    /// <summary>What containers talk to.</summary>
    public LabHost Internet { get; private set; } = null!;

    public IReadOnlyList<LabNode> Nodes { get; private set; } = [];

    public IReadOnlyList<LabWorker> Workers { get; private set; } = [];

    /// <summary>All of them, containers too.</summary>
    public IReadOnlyList<LabHost> Hosts => _hosts;

    /// <summary>Settings, faults and questions to the cloud.</summary>
    public CloudClient Cloud { get; private set; } = null!;

    /// <summary>EC2's API, to take down and up as a whole.</summary>
    public CloudEndpoint Ec2 { get; private set; } = null!;

    public CloudEndpoint Sqs { get; private set; } = null!;

    /// <summary>IMDS of all nodes.</summary>
    public CloudEndpoint Metadata { get; private set; } = null!;

    /// <summary>RabbitMQ, which can be stopped, killed and started again; null without services, or when the lab is kept.</summary>
    public RabbitBroker? Broker { get; private set; }

    /// <summary>Publishes and listens as a scheduler in another language does.</summary>
    public Scheduler Scheduler { get; private set; } = null!;

    public LabProcess Allocator => Control.Processes[ServiceSpecs.Allocator];

    public LabProcess Failover => Control.Processes[ServiceSpecs.Failover];

    /// <summary>Builds and starts everything; returns when all services are ready.</summary>
    /// <exception cref="LabException">Something did not start; what was made is gone again.</exception>
    public static async Task<VproxLab> StartAsync(LabOptions? options = null, CancellationToken cancel = default)
    {
        options ??= new LabOptions();
        if (options.Error() is { } error)
            throw new LabException(error);
        LabSweep.RemoveAbandoned();
        var lab = new VproxLab(options);
        try
        {
            lab.BuildHosts();
            await lab.StartServicesAsync(cancel);
            if (lab._options.Keep)
                lab._directory.Keep();
            return lab;
        }
        catch (Exception exception)
        {
            await lab.EndAsync();
            if (exception is OperationCanceledException or LabException)
                throw;
            throw new LabException($"The lab did not start: {exception.Message}", exception);
        }
    }

    /// <summary>Waits until something holds.</summary>
    /// <exception cref="LabException">It did not within the time.</exception>
    public static async Task<T> WaitForAsync<T>(string what, Func<Task<T?>> look, TimeSpan deadline, CancellationToken cancel = default)
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            if (await look() is { } found)
                return found;
            if (Stopwatch.GetElapsedTime(started) > deadline)
                throw new LabException($"{what}: not within {deadline.TotalSeconds:0.#} s");
            await Task.Delay(100, cancel);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_options.Keep)
        {
            if (_instances is not null)
                await _instances.DisposeAsync();
            if (Scheduler is not null)
                await Scheduler.DisposeAsync();
            return;
        }
        await EndAsync();
    }

    private async Task EndAsync()
    {
        try
        {
            if (_instances is not null)
                await _instances.DisposeAsync();
            if (Scheduler is not null)
                await Scheduler.DisposeAsync();
            if (Broker is not null)
                await Broker.DisposeAsync();
            // Each waits for its processes; they do so together.
            await Task.WhenAll(_hosts.Select(host => Task.Run(host.Dispose)));
        }
        finally
        {
            // Whatever failed above, nothing stays.
            _directory.Remove();
        }
    }
}
