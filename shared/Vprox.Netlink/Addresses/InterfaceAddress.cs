using System.Net;

namespace Vprox.Netlink;

/// <summary>An IPv4 address on a link as it was observed.</summary>
public sealed record InterfaceAddress
{
    /// <summary>Index of the link.</summary>
    public required int LinkIndex { get; init; }

    /// <summary>The address itself.</summary>
    public required IPAddress Address { get; init; }

    /// <summary>Length of its network's prefix, 0..32.</summary>
    public required int PrefixLength { get; init; }

    /// <summary>Who made it (<see cref="RouteProtocol"/>); 0 when nobody said, and before kernel 5.18.</summary>
    public byte Protocol { get; init; }

    /// <summary>The other end on a point-to-point link; null when there is none.</summary>
    public IPAddress? Peer { get; init; }
}
