using System.Collections.Immutable;

namespace Vprox.Failover.Core.Moves;

/// <summary>An Elastic IP's association.</summary>
public sealed record ObservedAssociation(string AssociationId, string NetworkInterfaceId, string PrivateAddress);

/// <summary>What EC2's Describe calls showed; it may lag behind.</summary>
/// <param name="SecondaryAddresses">By ENI; ENIs that were not asked for are absent.</param>
/// <param name="Associations">By allocation id; null when the Elastic IP is associated with nothing, absent when it was not asked for.</param>
public sealed partial record ObservedEc2(
    ImmutableSortedDictionary<string, ImmutableSortedSet<string>> SecondaryAddresses,
    ImmutableSortedDictionary<string, ObservedAssociation?> Associations)
{
    /// <summary>Nothing was asked.</summary>
    public static ObservedEc2 Empty { get; } = new(
        ImmutableSortedDictionary<string, ImmutableSortedSet<string>>.Empty.WithComparers(StringComparer.Ordinal),
        ImmutableSortedDictionary<string, ObservedAssociation?>.Empty.WithComparers(StringComparer.Ordinal));

    /// <summary>The allocation ids of Elastic IPs, by public address.</summary>
    public ImmutableSortedDictionary<string, string> AllocationIds { get; init; } =
        ImmutableSortedDictionary<string, string>.Empty.WithComparers(StringComparer.Ordinal);

    /// <summary>Elastic IPs seen on secondary addresses of the ENIs, by private address.</summary>
    public ImmutableSortedDictionary<string, string> ElasticIpOn { get; init; } =
        ImmutableSortedDictionary<string, string>.Empty.WithComparers(StringComparer.Ordinal);

    /// <summary>Whether an ENI has a private address as a secondary one.</summary>
    public bool Holds(string networkInterfaceId, string privateAddress) =>
        SecondaryAddresses.TryGetValue(networkInterfaceId, out var secondary) && secondary.Contains(privateAddress);

    /// <summary>
    /// Whether the Elastic IP is where it shall be. An association is on an address that the ENI has, so it says that of both.
    /// </summary>
    public bool Associates(DesiredAddress desired) =>
        Associations.GetValueOrDefault(desired.AllocationId) is { } association
        && association.NetworkInterfaceId == desired.NetworkInterfaceId && association.PrivateAddress == desired.PrivateAddress;

    /// <summary>Whether an address is where it shall be: the private address on its ENI, the Elastic IP on the private address.</summary>
    public bool Shows(DesiredAddress desired) => Holds(desired.NetworkInterfaceId, desired.PrivateAddress) && Associates(desired);
}
