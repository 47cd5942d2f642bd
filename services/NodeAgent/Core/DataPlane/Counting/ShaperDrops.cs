namespace Vprox.NodeAgent.Core.DataPlane.Counting;

/// <summary>
/// What the shaper dropped of each address, also in queues that are gone: one goes with the last rate on its ENI, or when its address moves to another.
/// It lives as long as the agent; after a restart the queues that are there count on, those that went before are forgotten.
/// </summary>
internal sealed class ShaperDrops
{
    private readonly Dictionary<(int ListenPort, bool Outgoing), ulong> _totals = [];
    private IReadOnlyDictionary<ShapedQueue, ulong> _last = new Dictionary<ShapedQueue, ulong>();

    /// <summary>Takes a reading of all queues.</summary>
    public void Take(IReadOnlyDictionary<ShapedQueue, ulong> now)
    {
        foreach (var (queue, drops) in now)
        {
            var before = _last.GetValueOrDefault(queue);
            var key = (queue.ListenPort, queue.Outgoing);
            // Fewer than before: it was made again.
            _totals[key] = Of(queue.ListenPort, queue.Outgoing) + (drops >= before ? drops - before : drops);
        }
        _last = now;
    }

    /// <summary>Packets that were dropped of an address in one direction.</summary>
    public ulong Of(int listenPort, bool outgoing) => _totals.GetValueOrDefault((listenPort, outgoing));

    /// <summary>Forgets all addresses but these, by their listen ports.</summary>
    public void Keep(IReadOnlySet<int> listenPorts)
    {
        foreach (var gone in _totals.Keys.Where(key => !listenPorts.Contains(key.ListenPort)).ToList())
            _totals.Remove(gone);
    }
}
