using System.Collections.Immutable;

namespace Vprox.Failover.Core.Moves;

/// <summary>How what was observed changes: by steps that EC2 took, and by newer observations.</summary>
public sealed partial record ObservedEc2
{
    /// <summary>
    /// What EC2 will show once a step that it took has come into effect. Private addresses are unique among the nodes of a region.
    /// </summary>
    /// <param name="step">The step.</param>
    /// <param name="associationId">What AssociateAddress answered; null for the other steps.</param>
    public ObservedEc2 After(MoveStep step, string? associationId = null) => step switch
    {
        MoveStep.Assign assign => Moved([.. assign.PrivateAddresses], assign.NetworkInterfaceId),
        MoveStep.Unassign unassign => Moved([.. unassign.PrivateAddresses], null),
        MoveStep.Associate associate => this with
        {
            Associations = Without([associate.PrivateAddress]).SetItem(
                associate.AllocationId, new ObservedAssociation(associationId ?? "", associate.NetworkInterfaceId, associate.PrivateAddress)),
        },
        MoveStep.Disassociate disassociate => this with { Associations = Associations.SetItem(disassociate.AllocationId, null) },
        _ => this,
    };

    /// <summary>
    /// Takes a newer observation, except for what a write of ours has changed since: reads lag writes by seconds.
    /// </summary>
    /// <param name="seen">The newer observation.</param>
    /// <param name="writtenAllocations">Elastic IPs that stay as they are believed to be.</param>
    /// <param name="writtenAddresses">Private addresses that stay where they are believed to be.</param>
    public ObservedEc2 Updated(ObservedEc2 seen, IReadOnlySet<string> writtenAllocations, IReadOnlySet<string> writtenAddresses)
    {
        var secondary = SecondaryAddresses.ToBuilder();
        foreach (var (eni, addresses) in seen.SecondaryAddresses)
        {
            var believed = SecondaryAddresses.GetValueOrDefault(eni, ImmutableSortedSet<string>.Empty.WithComparer(StringComparer.Ordinal));
            secondary[eni] = writtenAddresses.Count == 0 ? addresses : addresses.Except(writtenAddresses).Union(believed.Intersect(writtenAddresses));
        }
        var associations = Associations.ToBuilder();
        foreach (var (allocation, association) in seen.Associations)
            if (!writtenAllocations.Contains(allocation) || !Associations.ContainsKey(allocation)) associations[allocation] = association;
        return new ObservedEc2(secondary.ToImmutable(), associations.ToImmutable())
        {
            AllocationIds = AllocationIds.SetItems(seen.AllocationIds),
            ElasticIpOn = seen.ElasticIpOn,
        };
    }

    private ObservedEc2 Moved(ImmutableHashSet<string> addresses, string? networkInterfaceId)
    {
        var secondary = SecondaryAddresses.ToBuilder();
        foreach (var (eni, held) in SecondaryAddresses)
            if (held.Overlaps(addresses)) secondary[eni] = held.Except(addresses);
        if (networkInterfaceId is null) return this with { SecondaryAddresses = secondary.ToImmutable(), Associations = Without(addresses) };

        var target = secondary.GetValueOrDefault(networkInterfaceId) ?? ImmutableSortedSet<string>.Empty.WithComparer(StringComparer.Ordinal);
        secondary[networkInterfaceId] = target.Union(addresses);
        return this with
        {
            SecondaryAddresses = secondary.ToImmutable(),
            Associations = Associations.SetItems(On(addresses).Select(pair =>
                KeyValuePair.Create(pair.Key, (ObservedAssociation?)(pair.Value! with { NetworkInterfaceId = networkInterfaceId })))),
        };
    }

    private ImmutableSortedDictionary<string, ObservedAssociation?> Without(ImmutableHashSet<string> addresses) =>
        Associations.SetItems(On(addresses).Select(pair => KeyValuePair.Create(pair.Key, (ObservedAssociation?)null)));

    private List<KeyValuePair<string, ObservedAssociation?>> On(ImmutableHashSet<string> addresses) =>
        [.. Associations.Where(pair => pair.Value is { } association && addresses.Contains(association.PrivateAddress))];
}
