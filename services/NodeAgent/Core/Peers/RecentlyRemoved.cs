using Vprox.WireGuard;

namespace Vprox.NodeAgent.Core.Peers;

/// <summary>
/// The peers that left an address a short while ago: a placement or a snapshot that was written before the Allocator heard of it still lists them, and
/// must not bring them back. Pure; its caller makes one call at a time.
/// </summary>
public sealed class RecentlyRemoved
{
    /// <summary>
    /// PeerRemoved is with the Allocator within seconds, and a snapshot that was read before then is here within two of its intervals (30 s), a busy broker
    /// and the wait for its answer included; this is ten. One that is later still (it waited in the queue while the bus was away, or PeerRemoved was lost)
    /// brings the peer back for as long as an idle one stays, and then it is said again that it left: nothing but this costs memory without end where
    /// each tunnel has a key of its own.
    /// </summary>
    public static readonly TimeSpan Retention = TimeSpan.FromMinutes(5);

    private readonly Dictionary<WireGuardKey, DateTimeOffset> _leftAt = [];
    private readonly Queue<(WireGuardKey Key, DateTimeOffset LeftAt)> _oldestFirst = [];

    /// <summary>Notes that are kept.</summary>
    public int Count => _oldestFirst.Count;

    /// <summary>A peer left.</summary>
    public void Add(WireGuardKey key, DateTimeOffset now)
    {
        while (_oldestFirst.TryPeek(out var oldest) && now - oldest.LeftAt > Retention)
        {
            _oldestFirst.Dequeue();
            // It may have come and left again since.
            if (_leftAt.GetValueOrDefault(oldest.Key) == oldest.LeftAt)
                _leftAt.Remove(oldest.Key);
        }
        _leftAt[key] = now;
        _oldestFirst.Enqueue((key, now));
    }

    /// <summary>A peer is there again.</summary>
    public void Remove(WireGuardKey key) => _leftAt.Remove(key);

    /// <summary>Whether a peer left within <see cref="Retention"/>.</summary>
    public bool Contains(WireGuardKey key, DateTimeOffset now) => _leftAt.TryGetValue(key, out var leftAt) && now - leftAt <= Retention;

    /// <summary>Forgets all.</summary>
    public void Clear()
    {
        _leftAt.Clear();
        _oldestFirst.Clear();
    }
}
