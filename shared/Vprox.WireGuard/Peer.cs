using System.Net;
using Vprox.Addressing;

namespace Vprox.WireGuard;

/// <summary>A peer as it was observed.</summary>
public sealed record Peer
{
    /// <summary>The peer's public key.</summary>
    public required WireGuardKey PublicKey { get; init; }

    /// <summary>Where it was last heard or is configured; null when unknown.</summary>
    public IPEndPoint? Endpoint { get; init; }

    /// <summary>Time of the last completed handshake; null when there was none.</summary>
    public DateTimeOffset? LastHandshake { get; init; }

    /// <summary>Bytes received from the peer, encapsulation included.</summary>
    public long ReceivedBytes { get; init; }

    /// <summary>Bytes sent to the peer, encapsulation included.</summary>
    public long SentBytes { get; init; }

    /// <summary>Interval of keepalives, in whole seconds; null when off.</summary>
    public TimeSpan? PersistentKeepalive { get; init; }

    /// <summary>IPv4 networks the peer may send from and is sent to. IPv6 ones are not ours and are left out.</summary>
    public required IReadOnlyList<Ipv4Prefix> AllowedIps { get; init; }
}
