using System.Net;

namespace Vprox.Allocator.Core;

/// <summary>A static address where it is placed now.</summary>
public sealed record FleetPlacement
{
    public required IPAddress Address { get; init; }

    public required string ProxyId { get; init; }

    public required string NodeId { get; init; }

    public required string NetworkInterfaceId { get; init; }

    public required string SubnetId { get; init; }

    public required IPAddress PrivateAddress { get; init; }
}
