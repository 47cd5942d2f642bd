using System.Collections.Immutable;

namespace Vprox.Failover.Core.Moves;

/// <summary>What is asked of EC2's Describe calls.</summary>
/// <param name="AllocationIds">Elastic IPs.</param>
/// <param name="PublicAddresses">Elastic IPs of which only the address is known.</param>
/// <param name="NetworkInterfaceIds">ENIs.</param>
public sealed record Ec2Question(
    ImmutableSortedSet<string> AllocationIds, ImmutableSortedSet<string> PublicAddresses, ImmutableSortedSet<string> NetworkInterfaceIds)
{
    /// <summary>True when there is nothing to ask.</summary>
    public bool IsEmpty => AllocationIds.IsEmpty && PublicAddresses.IsEmpty && NetworkInterfaceIds.IsEmpty;

    /// <summary>Sorted and without doubles.</summary>
    public static Ec2Question About(IEnumerable<string> allocationIds, IEnumerable<string> publicAddresses, IEnumerable<string> networkInterfaceIds) =>
        new(
            allocationIds.ToImmutableSortedSet(StringComparer.Ordinal),
            publicAddresses.ToImmutableSortedSet(StringComparer.Ordinal),
            networkInterfaceIds.ToImmutableSortedSet(StringComparer.Ordinal));
}
