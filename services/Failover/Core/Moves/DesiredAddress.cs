using Vprox.Contracts;

namespace Vprox.Failover.Core.Moves;

/// <summary>Where a static address shall be in EC2.</summary>
public sealed record DesiredAddress(
    string Address, string AllocationId, string PrivateAddress, string NetworkInterfaceId, string NodeId, long Generation)
{
    /// <summary>As the Allocator placed it.</summary>
    public static DesiredAddress From(StaticIpPlaced placed) =>
        new(placed.Address, placed.AllocationId, placed.PrivateAddress, placed.NetworkInterfaceId, placed.NodeId, placed.Generation);
}
