using System.Collections.Concurrent;

namespace Vprox.Scenarios.Drills;

/// <summary>
/// Reads from the interfaces of an address's new node when the first handshake after the fault happened. WireGuard keeps only the time of
/// the last one, to the nanosecond: hence a look every 10 ms until there is one.
/// </summary>
/// <param name="placements">What was said of placements since the fault.</param>
/// <param name="latest">The latest handshake of a node's interface; null when there is none or no such interface.</param>
/// <param name="addresses">The static addresses to watch.</param>
/// <param name="fault">Handshakes before it do not count.</param>
internal sealed class HandshakeWatch(
    Func<IReadOnlyList<BusMessage>> placements, Func<string, string, CancellationToken, Task<DateTimeOffset?>> latest,
    IReadOnlyList<string> addresses, FaultMoment fault)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(10);

    private readonly ConcurrentDictionary<string, DateTimeOffset> _first = new();

    /// <summary>By static address, of those of the traffic that moved since the fault.</summary>
    public IReadOnlyDictionary<string, DateTimeOffset> First => _first;

    /// <summary>Watches until it is cancelled, which is its regular end, also in the middle of a look.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        try
        {
            while (true)
            {
                await LookAsync(cancel);
                await Task.Delay(Interval, cancel);
            }
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // The run is over, with a handshake of each address or without.
        }
    }

    private async Task LookAsync(CancellationToken cancel)
    {
        // The newest placement of each counts.
        foreach (var placed in placements().GroupBy(placed => placed.Text("address")!).Select(each => each.MaxBy(placed => placed.Number("generation"))!))
        {
            var address = placed.Text("address")!;
            if (!addresses.Contains(address) || _first.ContainsKey(address))
                continue;
            if (await latest(placed.Text("nodeId")!, $"vp{placed.Number("listenPort")}", cancel) is { } at && at > fault.At)
                _first.TryAdd(address, at);
        }
    }
}
