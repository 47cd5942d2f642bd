using System.Net;

namespace Vprox.Allocator.Core;

/// <summary>A static address where it is placed now.</summary>
public sealed record FleetPlacement
{
    public required IPAddress Address { get; init; }

    public required string ProxyId { get; init; }

    public required string WorkspaceId { get; init; }

    public required string NodeId { get; init; }

    public required string NetworkInterfaceId { get; init; }

    public required string SubnetId { get; init; }

    public required IPAddress PrivateAddress { get; init; }

    /// <summary>Its node has not said yet that it serves it.</summary>
    public bool InFlight { get; init; }

    /// <summary>Connected tunnels, where the reader counted them: how many workers wait for it when it moves.</summary>
    public int Tunnels { get; init; }

    public int? GuaranteedMbps { get; init; }
}
