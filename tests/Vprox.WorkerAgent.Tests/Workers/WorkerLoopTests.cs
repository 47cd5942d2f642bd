using System.Net;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging.Abstractions;
using Vprox.Netlink;
using Vprox.WireGuard;
using Vprox.WorkerAgent.Adapters.Journal;
using Vprox.WorkerAgent.Adapters.Kernel;
using Vprox.WorkerAgent.Core;
using Vprox.WorkerAgent.Tests.Core;
using Vprox.WorkerAgent.Tests.Live;
using Vprox.WorkerAgent.Workers;

namespace Vprox.WorkerAgent.Tests.Workers;

/// <summary>The loop on a kernel that refuses when it is told to, which a real one does too seldom to wait for.</summary>
public sealed class WorkerLoopTests : IAsyncLifetime
{
    private readonly string _directory = Directory.CreateTempSubdirectory("vprox-loop-").FullName;
    private readonly ApplicationLifetime _host = new(NullLogger<ApplicationLifetime>.Instance);
    private readonly RefusingKernel _kernel = new();
    private readonly WorkerInbox _inbox = new();
    private readonly JournalFile _journal;
    private readonly Announcer _announcer = new(null!, TimeProvider.System, NullLogger<Announcer>.Instance);
    private readonly WorkerLoop _loop;

    public WorkerLoopTests()
    {
        var options = new WorkerAgentOptions { WorkerId = "w1", StateDirectory = _directory, ReconcileInterval = TimeSpan.FromHours(1) };
        _journal = new JournalFile(options);
        // A worker without containers has no duties and nothing to say.
        var work = new TunnelWork(_inbox, null!, null!, _kernel, null!, options, TimeProvider.System, NullLogger<TunnelWork>.Instance);
        var reports = new WorkerReports(_announcer, new LossReports(_announcer, TimeProvider.System), NullLogger<WorkerReports>.Instance);
        _loop = new WorkerLoop(_inbox, _kernel, _journal, work, reports, options, TimeProvider.System, _host, NullLogger<WorkerLoop>.Instance);
    }

    public async ValueTask InitializeAsync() => await _loop.StartAsync(CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        await _loop.StopAsync(CancellationToken.None);
        _loop.Dispose();
        _announcer.Dispose();
        _journal.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public async Task A_kernel_that_cannot_be_read_is_looked_at_again_once_a_second_and_the_agent_goes_on()
    {
        await WorkerNetwork.UntilAsync("the kernel is as it shall be", () => _kernel.Values.Ruleset is not null);
        _kernel.Refuse();
        _inbox.LookAtKernel();
        await WorkerNetwork.UntilAsync("a look was refused", () => _kernel.Refusals > 0);

        await Task.Delay(TimeSpan.FromMilliseconds(500));
        Assert.InRange(_kernel.Refusals, 1, 2);
        _kernel.AnswerAgain();
        var looks = _kernel.Looks;
        await WorkerNetwork.UntilAsync("it was looked at again", () => _kernel.Looks > looks);
        Assert.False(_host.ApplicationStopping.IsCancellationRequested);
    }

    private sealed class RefusingKernel : IWorkerKernel
    {
        private volatile bool _refuses;
        private volatile int _looks;
        private volatile int _refusals;

        public FakeKernel Values { get; } = new();

        public int Looks => _looks;

        public int Refusals => _refusals;

        public string WireGuardBackend => "kernel";

        public bool HasConntrackTimeouts => true;

        public bool InterfacesAreProcesses => false;

        public void Refuse() => _refuses = true;

        public void AnswerAgain() => _refuses = false;

        public Task<ObservedWorker> ReadAsync(bool everything, CancellationToken cancellationToken)
        {
            Answer();
            _looks++;
            return Task.FromResult(Values.Observed);
        }

        public Task ApplyAsync(IReadOnlyList<WorkerStep> steps, CancellationToken cancellationToken)
        {
            foreach (var step in steps)
                Values.Apply(step);
            return Task.CompletedTask;
        }

        public Task<bool> HoldsNothingAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public LocalPath PathTo(IPAddress address) => throw new NotSupportedException();

        public Task PrepareAsync(int slot, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<Device?> DeviceAsync(int slot, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task ConfigureAsync(int slot, DeviceConfig config, CancellationToken cancellationToken) => throw new NotSupportedException();

        private void Answer()
        {
            if (!_refuses)
                return;
            _refusals++;
            throw new NetlinkException("no buffer space available");
        }
    }
}
