using System.Collections.Immutable;

namespace Vprox.Failover.Core.Moves;

/// <summary>An Elastic IP's association.</summary>
public sealed record ObservedAssociation(string AssociationId, string NetworkInterfaceId, string PrivateAddress);

/// <summary>What EC2's Describe calls showed; it may lag behind.</summary>
/// <param name="SecondaryAddresses">By ENI; ENIs that were not asked for are absent.</param>
/// <param name="Associations">By allocation id; null when the Elastic IP is associated with nothing.</param>
public sealed record ObservedEc2(
    ImmutableSortedDictionary<string, ImmutableSortedSet<string>> SecondaryAddresses,
    ImmutableSortedDictionary<string, ObservedAssociation?> Associations)
{
    /// <summary>Nothing was asked.</summary>
    public static ObservedEc2 Empty { get; } = new(
        ImmutableSortedDictionary<string, ImmutableSortedSet<string>>.Empty.WithComparers(StringComparer.Ordinal),
        ImmutableSortedDictionary<string, ObservedAssociation?>.Empty.WithComparers(StringComparer.Ordinal));

    /// <summary>Whether an address is where it shall be: the private address on its ENI, the Elastic IP on the private address.</summary>
    public bool Shows(DesiredAddress desired) =>
        SecondaryAddresses.TryGetValue(desired.NetworkInterfaceId, out var secondary) && secondary.Contains(desired.PrivateAddress)
        && Associations.GetValueOrDefault(desired.AllocationId) is { } association
        && association.NetworkInterfaceId == desired.NetworkInterfaceId && association.PrivateAddress == desired.PrivateAddress;
}
