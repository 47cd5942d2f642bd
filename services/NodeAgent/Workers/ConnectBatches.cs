using Vprox.NodeAgent.Core;
using Vprox.NodeAgent.Core.DataPlane;
using Vprox.NodeAgent.Core.Peers;
using Vprox.NodeAgent.Core.Placements;
using Vprox.WireGuard;

namespace Vprox.NodeAgent.Workers;

/// <summary>
/// Connects peers in the order in which they ask. Those that ask while others are at the kernel wait and go there together, in one write for each
/// interface: a crowd of 1,500 takes a dozen writes, and one that comes alone does not wait.
/// </summary>
public sealed class ConnectBatches(NodeState state, INodeDataPlane dataPlane, KernelGate kernel, PeerEvents events, TimeProvider time)
{
    /// <summary>Peers that go to the kernel together; the next ones are looked for in between, and so is whatever else waits for the kernel.</summary>
    public const int Largest = 256;

    private readonly Lock _lock = new();
    private readonly Queue<PendingConnect> _waiting = new();
    private bool _working;

    /// <summary>Connects a peer. When it returns Connected the peer is in the kernel.</summary>
    /// <exception cref="WireGuardException">The kernel refused; nothing changed.</exception>
    public Task<ConnectOutcome> ConnectAsync(Placement placement, ConnectRequest request)
    {
        var pending = new PendingConnect(placement, request);
        lock (_lock)
        {
            _waiting.Enqueue(pending);
            if (_working)
                return pending.Outcome;
            _working = true;
        }
        _ = WorkAsync();
        return pending.Outcome;
    }

    private async Task WorkAsync()
    {
        while (true)
        {
            try
            {
                // Inside the gate, so that all who came while it was closed are in.
                if (!await kernel.RunAsync(TakeBatchAsync, CancellationToken.None).ConfigureAwait(false))
                    return;
                // Whoever began this is answered now; the others' work is not its thread's.
                await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
            }
            catch (Exception e)
            {
                // The agent ends, or one of its own laws is broken: nobody is left waiting.
                while (Take(int.MaxValue) is { Count: > 0 } left)
                    left.ForEach(pending => pending.Fail(e));
                return;
            }
        }
    }

    private async Task<bool> TakeBatchAsync()
    {
        var batch = Take(Largest);
        try
        {
            foreach (var pending in batch)
                pending.Decide(state.Connect(pending.Placement.Address, pending.Placement.Inner, pending.Request, time.GetUtcNow()));
            foreach (var some in batch.Where(pending => pending.Connected is not null).GroupBy(pending => pending.Placement.ListenPort))
                await WriteAsync(some.Key, [.. some]).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            batch.ForEach(pending => pending.Fail(e));
            throw;
        }
        foreach (var pending in batch)
            pending.Complete();
        return batch.Count > 0;
    }

    private async Task WriteAsync(int listenPort, IReadOnlyList<PendingConnect> some)
    {
        try
        {
            var (displaced, connected) = Sum(some);
            if (displaced.Count > 0)
                await dataPlane.RemovePeersAsync(listenPort, [.. displaced], CancellationToken.None).ConfigureAwait(false);
            await dataPlane.SetPeersAsync(listenPort, [.. connected.Select(DesiredNodeBuilder.ToDesired)], CancellationToken.None).ConfigureAwait(false);
            foreach (var pending in some)
                events.SayConnected(pending.Placement, pending.Connected!);
        }
        catch (Exception refusal)
        {
            // The last one first: a later one may have built on an earlier one.
            foreach (var pending in some.Reverse())
            {
                state.Undo(pending.Placement.Address, pending.Connected!);
                events.SayRefused(pending.Placement, pending.Request.PublicKey, refusal.Message);
                pending.Fail(refusal);
            }
        }
    }

    /// <summary>What remains of connects in a row: one may displace another before either is in the kernel.</summary>
    private static (IReadOnlyCollection<WireGuardKey> Displaced, IReadOnlyCollection<TunnelPeer> Connected) Sum(IReadOnlyList<PendingConnect> some)
    {
        var displaced = new HashSet<WireGuardKey>();
        var connected = new Dictionary<WireGuardKey, TunnelPeer>();
        foreach (var outcome in some.Select(pending => pending.Connected!))
        {
            foreach (var peer in outcome.Displaced)
            {
                displaced.Add(peer.PublicKey);
                connected.Remove(peer.PublicKey);
            }
            connected[outcome.Peer.PublicKey] = outcome.Peer;
        }
        return (displaced, connected.Values);
    }

    private List<PendingConnect> Take(int most)
    {
        var taken = new List<PendingConnect>();
        lock (_lock)
        {
            while (taken.Count < most && _waiting.TryDequeue(out var pending))
                taken.Add(pending);
            _working = taken.Count > 0;
        }
        return taken;
    }
}
