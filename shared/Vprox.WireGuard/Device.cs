using System.Net;
using Vprox.Addressing;

namespace Vprox.WireGuard;

/// <summary>A WireGuard interface as it was observed. What one asks for is a <see cref="DeviceConfig"/>.</summary>
public sealed record Device
{
    /// <summary>Interface name, e.g. vp49152.</summary>
    public required string Name { get; init; }

    /// <summary>The interface's private key; null when none is set.</summary>
    public WireGuardPrivateKey? PrivateKey { get; init; }

    /// <summary>UDP port, 0 when none is bound.</summary>
    public required int ListenPort { get; init; }

    /// <summary>Mark on the encrypted packets, 0 for none.</summary>
    public required uint FirewallMark { get; init; }

    /// <summary>Its peers, in the backend's order.</summary>
    public required IReadOnlyList<Peer> Peers { get; init; }
}

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

    /// <summary>Interval of keepalives; null when off.</summary>
    public TimeSpan? PersistentKeepalive { get; init; }

    /// <summary>IPv4 networks the peer may send from and is sent to. IPv6 ones are not ours and are left out.</summary>
    public required IReadOnlyList<Ipv4Prefix> AllowedIps { get; init; }
}

/// <summary>A requested change of an interface; null leaves a property alone.</summary>
public sealed record DeviceConfig
{
    /// <summary>Private key to set.</summary>
    public WireGuardPrivateKey? PrivateKey { get; init; }

    /// <summary>UDP port to bind.</summary>
    public int? ListenPort { get; init; }

    /// <summary>Mark for encrypted packets; 0 takes it away.</summary>
    public uint? FirewallMark { get; init; }

    /// <summary>True removes every peer that <see cref="Peers"/> does not name.</summary>
    public bool ReplacePeers { get; init; }

    /// <summary>Peers to add, change or remove.</summary>
    public IReadOnlyList<PeerConfig> Peers { get; init; } = [];
}

/// <summary>A requested change of a peer; null leaves a property alone.</summary>
public sealed record PeerConfig
{
    /// <summary>Which peer; it is made when it does not exist, unless <see cref="UpdateOnly"/>.</summary>
    public required WireGuardKey PublicKey { get; init; }

    /// <summary>Removes the peer; everything else is ignored.</summary>
    public bool Remove { get; init; }

    /// <summary>Changes the peer only when it exists.</summary>
    public bool UpdateOnly { get; init; }

    /// <summary>Where to send.</summary>
    public IPEndPoint? Endpoint { get; init; }

    /// <summary>Interval of keepalives; zero turns them off. Setting one on a peer with an endpoint makes it start a handshake.</summary>
    public TimeSpan? PersistentKeepalive { get; init; }

    /// <summary>True replaces the allowed IPs by <see cref="AllowedIps"/>; false adds to them.</summary>
    public bool ReplaceAllowedIps { get; init; }

    /// <summary>IPv4 networks. One that another peer of the device holds moves to this peer.</summary>
    public IReadOnlyList<Ipv4Prefix> AllowedIps { get; init; } = [];
}
