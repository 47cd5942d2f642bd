using System.Net;
using Vprox.Addressing;

namespace Vprox.WireGuard;

/// <summary>A requested change of a peer; null leaves a property alone.</summary>
public sealed record PeerConfig
{
    /// <summary>Which peer; it is made when it does not exist, unless <see cref="UpdateOnly"/>. The interface's own key is ignored.</summary>
    /// <exception cref="ArgumentException">The zero key.</exception>
    public required WireGuardKey PublicKey
    {
        get;
        init => field = value.IsZero ? throw new ArgumentException("no peer has the zero key", nameof(value)) : value;
    }

    /// <summary>Removes the peer; everything else is ignored. Removing one that does not exist changes nothing.</summary>
    public bool Remove { get; init; }

    /// <summary>Changes the peer only when it exists.</summary>
    public bool UpdateOnly { get; init; }

    /// <summary>Where to send; the port is not 0.</summary>
    /// <exception cref="ArgumentException">Port 0, which nothing can be sent to.</exception>
    public IPEndPoint? Endpoint
    {
        get;
        init => field = value?.Port == 0 ? throw new ArgumentException("an endpoint has a port", nameof(value)) : value;
    }

    /// <summary>
    /// Interval of keepalives, in whole seconds up to 65,535; zero turns them off. Turning them on for a peer with an endpoint, while the
    /// interface is up, makes it start a handshake.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative, over 65,535 s, or a fraction of a second.</exception>
    public TimeSpan? PersistentKeepalive
    {
        get;
        init => field = value is null || IsWholeSeconds(value.Value) ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "a keepalive interval is 0..65535 whole seconds");
    }

    /// <summary>True replaces the allowed IPs by <see cref="AllowedIps"/>; false adds to them.</summary>
    public bool ReplaceAllowedIps { get; init; }

    /// <summary>IPv4 networks. One that another peer of the device holds moves to this peer.</summary>
    public IReadOnlyList<Ipv4Prefix> AllowedIps { get; init; } = [];

    private static bool IsWholeSeconds(TimeSpan interval) =>
        interval >= TimeSpan.Zero && interval <= TimeSpan.FromSeconds(ushort.MaxValue) && interval.Ticks % TimeSpan.TicksPerSecond == 0;
}
