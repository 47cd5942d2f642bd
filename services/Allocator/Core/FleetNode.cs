using System.Net;
using Vprox.Addressing;

namespace Vprox.Allocator.Core;

/// <summary>A node with its ENIs, and what Failover and operators said of it.</summary>
public sealed record FleetNode
{
    public required string NodeId { get; init; }

    public required bool Unhealthy { get; init; }

    public required bool Draining { get; init; }

    public required bool Cordoned { get; init; }

    /// <summary>Healthy, not cordoned and not being drained.</summary>
    public bool TakesPlacements => !Unhealthy && !Draining && !Cordoned;

    /// <summary>What is placed on it has to go elsewhere.</summary>
    public bool MustBeLeft => Unhealthy || Draining;

    public required IReadOnlyList<FleetNetworkInterface> NetworkInterfaces { get; init; }
}

/// <summary>An ENI as the node last saw it in IMDS.</summary>
public sealed record FleetNetworkInterface
{
    public required string NetworkInterfaceId { get; init; }

    public required string SubnetId { get; init; }

    public required Ipv4Prefix Subnet { get; init; }

    public required IPAddress PrimaryAddress { get; init; }

    /// <summary>Secondary addresses on it, ours and others'.</summary>
    public required IReadOnlyList<IPAddress> SecondaryAddresses { get; init; }

    /// <summary>How many secondary addresses it can hold.</summary>
    public required int SecondaryCapacity { get; init; }
}
