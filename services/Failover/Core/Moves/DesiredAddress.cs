using Vprox.Contracts;

namespace Vprox.Failover.Core.Moves;

/// <summary>Where a static address shall be in EC2.</summary>
public sealed record DesiredAddress(
    string Address, string AllocationId, string PrivateAddress, string NetworkInterfaceId, string NodeId, long Generation)
{
    /// <summary>The node that it leaves, as the Allocator knows it; null when it did not say.</summary>
    public string? FromNodeId { get; init; }

    /// <summary>Tunnels that wait for it: the more, the sooner it is moved.</summary>
    public int Peers { get; init; }

    /// <summary>Its guaranteed rate; 0 is none.</summary>
    public int GuaranteedMbps { get; init; }

    /// <summary>As the Allocator placed it.</summary>
    public static DesiredAddress From(StaticIpPlaced placed) =>
        new(placed.Address, placed.AllocationId, placed.PrivateAddress, placed.NetworkInterfaceId, placed.NodeId, placed.Generation)
        {
            FromNodeId = placed.FromNodeId,
            Peers = placed.Peers.Count,
            GuaranteedMbps = placed.GuaranteedMbps ?? 0,
        };
}
