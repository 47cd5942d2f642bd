using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Vprox.Addressing;
using Vprox.Bench.Nodes;
using Vprox.Identity;
using Vprox.Netlink;
using Vprox.NodeAgent;
using Vprox.NodeAgent.Adapters.Kernel;
using Vprox.NodeAgent.Core;
using Vprox.NodeAgent.Core.DataPlane;
using Vprox.NodeAgent.Core.DataPlane.Shaping;
using Vprox.NodeAgent.Core.Peers;
using Vprox.NodeAgent.Https;
using Vprox.NodeAgent.Workers;
using Vprox.WireGuard;

namespace Vprox.Bench.Reconciling;

/// <summary>A node's state and data plane in this process, in a network namespace of its own.</summary>
internal sealed class MeasuredNode : IDisposable
{
    private const int IdleRounds = 20;
    private const int WarmUpRounds = 40;
    private const int PeersAdded = 1_000;
    private const int LinkMbps = 50_000;
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private readonly NodeSize _size;
    private readonly string _method;
    private readonly NodeInput _input;
    private readonly NodeHost _host;
    private readonly NodeState _state;
    private readonly TimedWireGuard _wireGuard;
    private readonly NodeDataPlane _dataPlane;
    private readonly ServedAddresses _served = new(new FreezeWatch(TimeProvider.System), TimeProvider.System);

    public MeasuredNode(NodeSize size, WireGuardKind kind)
    {
        _size = size;
        _method = kind switch
        {
            WireGuardKind.Kernel => "WireGuard in the kernel",
            WireGuardKind.Userspace => "wireguard-go",
            _ => "without WireGuard",
        };
        _input = new NodeInput(size, SealingKey.Generate());
        _host = new NodeHost(_input.NetworkInterfaces);
        _state = _input.State();
        var options = new NodeAgentOptions();
        (_wireGuard, _dataPlane) = _host.Node.Run(() =>
        {
            var wireGuard = new TimedWireGuard(Open(kind));
            return (wireGuard, NodeDataPlane.Open(new DataPlaneOptions(options.DeniedPrefixes(), options.HttpsPort, new ShapingOptions(LinkMbps), options.ReadsPeersIn()), wireGuard));
        });
    }

    /// <summary>Rounds from nothing.</summary>
    public async Task FullAsync(BenchmarkReport report, string figure, int rounds, CancellationToken cancel)
    {
        var times = new List<double>();
        for (var round = 0; round < rounds; round++)
        {
            if (round > 0)
                await TeardownAsync(cancel);
            var started = Stopwatch.GetTimestamp();
            var steps = await RoundAsync(cancel);
            times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            if (steps.Count < _size.Addresses)
                throw new BenchmarkException($"a round from nothing took only {steps.Count} steps");
        }
        report.Add(figure, Percentile.Of(times, 0.5), "ms", method: _method);
        report.Remark($"the first one, with all code compiled on the way: {times[0]:0} ms");
    }

    /// <summary>Rounds with nothing to do, all on one thread: an agent makes none for a round.</summary>
    public Task IdleAsync(BenchmarkReport report, string figure, CancellationToken cancel) => _host.Node.RunAsync(() => IdleHereAsync(report, figure, cancel));

    private async Task IdleHereAsync(BenchmarkReport report, string figure, CancellationToken cancel)
    {
        using var timer = new PeriodicTimer(Period);
        // What the building left to be looked at once. And the compiler: what was called thirty times it compiles anew, which took twice the time of the
        // rounds themselves when the thirtieth was among them. An agent that runs for weeks has that behind it.
        for (var round = 0; round < WarmUpRounds; round++)
        {
            await timer.WaitForNextTickAsync(cancel);
            await NothingToDoAsync(cancel);
        }
        await SettleAsync(cancel);
        var times = new List<double>();
        using var process = Process.GetCurrentProcess();
        var before = process.TotalProcessorTime;
        var allocated = GC.GetTotalAllocatedBytes();
        var begun = Stopwatch.GetTimestamp();
        for (var round = 0; round < IdleRounds; round++)
        {
            await timer.WaitForNextTickAsync(cancel);
            var started = Stopwatch.GetTimestamp();
            await NothingToDoAsync(cancel);
            times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }
        process.Refresh();
        report.Add(figure, Percentile.Of(times, 0.5), "ms", method: _method);
        report.Add($"{figure}_cpu", 100 * (process.TotalProcessorTime - before) / Stopwatch.GetElapsedTime(begun), "% of a core", method: _method);
        report.Remark($"the slowest of {IdleRounds}: {times.Max():0.0} ms; {(GC.GetTotalAllocatedBytes() - allocated) / IdleRounds / 1e6:0.0} MB allocated by each");
    }

    // Until the compiler is done.
    private static async Task SettleAsync(CancellationToken cancel)
    {
        var begun = Stopwatch.GetTimestamp();
        long before;
        do
        {
            before = System.Runtime.JitInfo.GetCompiledMethodCount();
            await Task.Delay(TimeSpan.FromSeconds(3), cancel);
        }
        while (System.Runtime.JitInfo.GetCompiledMethodCount() - before > 5 && Stopwatch.GetElapsedTime(begun) < TimeSpan.FromSeconds(30));
    }

    /// <summary>Peers that connect one after the other.</summary>
    public async Task PeersAddedAsync(BenchmarkReport report, string figure, CancellationToken cancel)
    {
        using var gate = new KernelGate(TimeProvider.System);
        using var quiet = new EventQueue(new Silence(), new Silence(), NullLogger<EventQueue>.Instance);
        var events = new PeerEvents(_state, quiet, TimeProvider.System, NullLogger<PeerEvents>.Instance);
        var connects = new ConnectBatches(_state, _dataPlane, gate, events, TimeProvider.System);
        var ours = new List<double>();
        for (var peer = 0; peer < PeersAdded; peer++)
        {
            cancel.ThrowIfCancellationRequested();
            var placement = _input.Placements[peer % _size.Addresses];
            var inner = AddressLayout.AddressOfBlock(placement.Inner, AddressLayout.BlockCount - 1 - (peer / _size.Addresses));
            var now = TimeProvider.System.GetUtcNow();
            var request = new ConnectRequest(NodeInput.RandomKey(), [inner], now, now.AddHours(1));
            _ = _wireGuard.Taken();
            var started = Stopwatch.GetTimestamp();
            if (await connects.ConnectAsync(placement, request) is not ConnectOutcome.Connected)
                throw new BenchmarkException($"peer {peer} was not connected");
            ours.Add((Stopwatch.GetElapsedTime(started) - _wireGuard.Taken()).TotalMilliseconds);
        }
        report.Add($"{figure}_p99", Percentile.Of(ours, 0.99), "ms", method: _method);
        report.Remark($"half of them within {Percentile.Of(ours, 0.5):0.000} ms; without WireGuard's time");
    }

    public void Dispose()
    {
        TeardownAsync(CancellationToken.None).GetAwaiter().GetResult();
        _dataPlane.Dispose();
        _host.Dispose();
    }

    private Task TeardownAsync(CancellationToken cancel) => _host.Node.RunAsync(() => _dataPlane.TeardownAsync(cancel));

    private async Task NothingToDoAsync(CancellationToken cancel)
    {
        if (await RoundHereAsync(cancel) is { Count: > 0 } steps)
            throw new BenchmarkException($"there was something to do: {steps[0]}");
    }

    private Task<IReadOnlyList<string>> RoundAsync(CancellationToken cancel) => _host.Node.RunAsync(() => RoundHereAsync(cancel));

    // As Reconciler does it, without journal, bus and log.
    private async Task<IReadOnlyList<string>> RoundHereAsync(CancellationToken cancel)
    {
        var round = _state.NextRound(TimeProvider.System.GetUtcNow())!;
        var done = await _dataPlane.ApplyAsync(round.Desired, () => Task.CompletedTask, cancel);
        _state.RoundDone(round, TimeProvider.System.GetUtcNow());
        _served.Set(round, _state.Arrived);
        return done.Steps;
    }

    private static IWireGuardClient Open(WireGuardKind kind) => kind switch
    {
        WireGuardKind.Remembered => new RememberedWireGuard(RouteNetlink.Open()),
        WireGuardKind.Userspace => WireGuardClient.Open(WireGuardBackend.Userspace),
        _ => WireGuardClient.Open(WireGuardBackend.Kernel),
    };
}
