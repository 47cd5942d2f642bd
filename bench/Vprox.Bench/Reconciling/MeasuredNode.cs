using System.Diagnostics;
using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Vprox.Addressing;
using Vprox.Bench.Nodes;
using Vprox.Identity;
using Vprox.NodeAgent;
using Vprox.NodeAgent.Adapters.Kernel;
using Vprox.NodeAgent.Core;
using Vprox.NodeAgent.Core.DataPlane;
using Vprox.NodeAgent.Core.Peers;
using Vprox.NodeAgent.Workers;
using Vprox.WireGuard;

namespace Vprox.Bench.Reconciling;

/// <summary>A node's state and data plane in this process, over a real kernel.</summary>
internal sealed class MeasuredNode : IDisposable
{
    private const int IdleRounds = 20;
    private const int PeersAdded = 1_000;
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private readonly NodeSize _size;
    private readonly NodeInput _input;
    private readonly NodeHost _host;
    private readonly NodeState _state;
    private readonly NodeDataPlane _dataPlane;

    public MeasuredNode(NodeSize size)
    {
        _size = size;
        _input = new NodeInput(size, SealingKey.Generate());
        _host = new NodeHost(_input.NetworkInterfaces);
        _state = _input.State();
        var options = new NodeAgentOptions();
        _dataPlane = _host.Node.Run(() => NodeDataPlane.Open(
            new DataPlaneOptions(options.DeniedPrefixes(), options.HttpsPort, options.ReadsPeersIn()), WireGuardBackend.Auto));
    }

    public async Task FullAsync(BenchmarkReport report, int rounds, CancellationToken cancel)
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
        report.Add($"reconcile_full_{_size}", Median(times), "ms");
        report.Remark($"the first one, with all code compiled on the way: {times[0]:0} ms");
    }

    public async Task IdleAsync(BenchmarkReport report, CancellationToken cancel)
    {
        // What the building left to be looked at once, and compiled code.
        for (var round = 0; round < IdleRounds; round++)
            await NothingToDoAsync(cancel);
        var times = new List<double>();
        using var process = Process.GetCurrentProcess();
        var before = process.TotalProcessorTime;
        var begun = Stopwatch.GetTimestamp();
        using var timer = new PeriodicTimer(Period);
        for (var round = 0; round < IdleRounds; round++)
        {
            await timer.WaitForNextTickAsync(cancel);
            var started = Stopwatch.GetTimestamp();
            await NothingToDoAsync(cancel);
            times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }
        process.Refresh();
        report.Add($"reconcile_idle_{_size}", Median(times), "ms");
        report.Add(_size == NodeSize.Full ? "reconcile_idle_cpu_percent" : $"reconcile_idle_cpu_percent_{_size}", 100 * (process.TotalProcessorTime - before) / Stopwatch.GetElapsedTime(begun), "% of a core");
    }

    public async Task PeersAddedAsync(BenchmarkReport report, CancellationToken cancel)
    {
        var kernel = new TimedDataPlane(_dataPlane);
        using var gate = new KernelGate(TimeProvider.System);
        using var quiet = new EventQueue(new Silence(), new Silence(), NullLogger<EventQueue>.Instance);
        var events = new PeerEvents(_state, quiet, TimeProvider.System, NullLogger<PeerEvents>.Instance);
        var connects = new ConnectBatches(_state, kernel, gate, events, TimeProvider.System);
        var ours = new List<double>();
        for (var peer = 0; peer < PeersAdded; peer++)
        {
            cancel.ThrowIfCancellationRequested();
            var placement = _input.Placements[peer % _size.Addresses];
            var inner = AddressLayout.AddressOfBlock(placement.Inner, AddressLayout.BlockCount - 1 - (peer / _size.Addresses));
            var now = TimeProvider.System.GetUtcNow();
            var request = new ConnectRequest(NodeInput.RandomKey(), [inner], now, now.AddHours(1));
            var started = Stopwatch.GetTimestamp();
            if (await connects.ConnectAsync(placement, request) is not ConnectOutcome.Connected)
                throw new BenchmarkException($"peer {peer} was not connected");
            ours.Add((Stopwatch.GetElapsedTime(started) - kernel.Taken()).TotalMilliseconds);
        }
        ours.Sort();
        report.Add("peer_added_at_10k_p99", ours[(int)(ours.Count * 0.99)], "ms");
        report.Remark($"half of them within {ours[ours.Count / 2]:0.000} ms");
    }

    public Task TeardownAsync(CancellationToken cancel) => _host.Node.RunAsync(() => _dataPlane.TeardownAsync(cancel));

    public void Dispose()
    {
        TeardownAsync(CancellationToken.None).GetAwaiter().GetResult();
        _dataPlane.Dispose();
        _host.Dispose();
    }

    private async Task NothingToDoAsync(CancellationToken cancel)
    {
        if (await RoundAsync(cancel) is { Count: > 0 } steps)
            throw new BenchmarkException($"there was something to do: {steps[0]}");
    }

    private Task<IReadOnlyList<string>> RoundAsync(CancellationToken cancel) => _host.Node.RunAsync(async () =>
    {
        var round = _state.NextRound(TimeProvider.System.GetUtcNow())!;
        return (await _dataPlane.ApplyAsync(round.Desired, () => Task.CompletedTask, cancel)).Steps;
    });

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
