using System.Net;
using Vprox.WireGuard;

namespace Vprox.NodeAgent.Core.Handshakes;

/// <summary>
/// When to send which peer an initiation: at once, and again after 250 ms, 500 ms, 1 s and so on until there was a handshake. A worker host under
/// load answers 20 initiations a second from one source and a burst of 5 (drivers/net/wireguard/ratelimiter.c); more to one host would only be
/// dropped. Pure; its caller makes one call at a time.
/// </summary>
public sealed class HandshakeSchedule
{
    /// <summary>Initiations sent to one peer before it is left to begin by itself.</summary>
    public const int Attempts = 8;

    /// <summary>Initiations to one host at once.</summary>
    public const int Burst = 5;

    /// <summary>Between two initiations to one host, in the long run.</summary>
    public static readonly TimeSpan Spacing = TimeSpan.FromMilliseconds(50);

    private static readonly TimeSpan FirstRetry = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestRetry = TimeSpan.FromSeconds(5);

    private readonly Dictionary<(int ListenPort, WireGuardKey Key), PendingHandshake> _pending = [];

    // When a host's burst is whole again (the virtual scheduling form of the leaky bucket, ITU-T I.371).
    private readonly Dictionary<IPAddress, DateTimeOffset> _wholeAt = [];

    /// <summary>Those that wait for a handshake.</summary>
    public IReadOnlyCollection<PendingHandshake> Pending => _pending.Values;

    /// <summary>When to look again; null when nobody waits.</summary>
    public DateTimeOffset? NextAt => _pending.Count == 0 ? null : _pending.Values.Min(each => each.DueAt);

    /// <summary>An address has arrived: all its peers whose endpoint is known are due.</summary>
    public void Begin(DesiredAddress address, DateTimeOffset arrivedAt, DateTimeOffset now)
    {
        foreach (var peer in address.Peers.Where(peer => peer.Endpoint is not null))
            _pending[(address.ListenPort, peer.PublicKey)] = new PendingHandshake(address.Address, address.ListenPort, peer, arrivedAt, Attempt: 0, now);
    }

    /// <summary>An address has left, or a peer has gone: nothing is sent any more.</summary>
    public void Keep(Func<PendingHandshake, bool> which)
    {
        foreach (var gone in _pending.Where(each => !which(each.Value)).Select(each => each.Key).ToList())
            _pending.Remove(gone);
    }

    /// <summary>Notes an interface as it is: who has had a handshake is done.</summary>
    /// <returns>Those.</returns>
    public IReadOnlyList<PendingHandshake> Observe(Device device)
    {
        var done = device.Peers
            .Where(peer => _pending.TryGetValue((device.ListenPort, peer.PublicKey), out var pending) && peer.LastHandshake >= pending.ArrivedAt)
            .Select(peer => _pending[(device.ListenPort, peer.PublicKey)])
            .ToList();
        foreach (var each in done)
            _pending.Remove((each.ListenPort, each.Peer.PublicKey));
        return done;
    }

    /// <summary>Takes those that an initiation is to be sent to now; the others of a busy host become due later.</summary>
    public IReadOnlyList<PendingHandshake> Take(DateTimeOffset now)
    {
        var taken = new List<PendingHandshake>();
        foreach (var (key, due) in _pending.Where(each => each.Value.DueAt <= now).OrderBy(each => each.Value.Attempt).ThenBy(each => each.Value.DueAt).ToList())
        {
            var host = due.Peer.Endpoint!.Address;
            var wholeAt = _wholeAt.TryGetValue(host, out var known) && known > now ? known : now;
            if (wholeAt - now > Spacing * (Burst - 1))
            {
                _pending[key] = due with { DueAt = wholeAt - (Spacing * (Burst - 1)) };
                continue;
            }
            _wholeAt[host] = wholeAt + Spacing;
            taken.Add(due);
            if (due.Attempt + 1 < Attempts)
                _pending[key] = due with { Attempt = due.Attempt + 1, DueAt = now + RetryAfter(due.Attempt) };
            else
                _pending.Remove(key);
        }
        foreach (var idle in _wholeAt.Where(host => host.Value <= now).Select(host => host.Key).ToList())
            _wholeAt.Remove(idle);
        return taken;
    }

    private static TimeSpan RetryAfter(int attempt)
    {
        var doubled = FirstRetry * Math.Pow(2, attempt);
        return doubled < LongestRetry ? doubled : LongestRetry;
    }
}
