namespace Vprox.Failover.Core.Moves;

/// <summary>The calls that bring EC2 to the placements, in their order: assign, associate, disassociate, unassign.</summary>
public static class MovePlan
{
    /// <summary>
    /// Plans for the given addresses only. Within a subnet one Assign per target ENI moves a whole list with its Elastic IPs; an
    /// Associate is left where the Elastic IP is not on the private address yet (a first placement, another subnet). What releases leave
    /// behind is given back last, so that an address is never nowhere.
    /// </summary>
    /// <param name="desired">Where the addresses in question shall be.</param>
    /// <param name="released">Allocation ids of Elastic IPs that shall be on nothing.</param>
    /// <param name="wanted">The private addresses of all placements: none of them is given back.</param>
    /// <param name="observed">What EC2 shows.</param>
    public static IReadOnlyList<MoveStep> Plan(
        IReadOnlyCollection<DesiredAddress> desired, IReadOnlyCollection<string> released, IReadOnlySet<string> wanted, ObservedEc2 observed)
    {
        var steps = new List<MoveStep>();
        steps.AddRange(desired
            .Where(address => !Holds(observed, address.NetworkInterfaceId, address.PrivateAddress))
            .GroupBy(address => address.NetworkInterfaceId, address => address.PrivateAddress, StringComparer.Ordinal)
            .OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => new MoveStep.Assign(group.Key, [.. group.Order(StringComparer.Ordinal)])));

        var leftBehind = new List<(string Eni, string Address)>();
        foreach (var address in desired.OrderBy(address => address.Address, StringComparer.Ordinal))
        {
            var association = observed.Associations.GetValueOrDefault(address.AllocationId);
            if (association?.PrivateAddress == address.PrivateAddress) continue;
            steps.Add(new MoveStep.Associate(address.AllocationId, address.NetworkInterfaceId, address.PrivateAddress));
            if (association is not null && !wanted.Contains(association.PrivateAddress))
                leftBehind.Add((association.NetworkInterfaceId, association.PrivateAddress));
        }

        foreach (var allocation in released.Order(StringComparer.Ordinal))
        {
            if (observed.Associations.GetValueOrDefault(allocation) is not { } association) continue;
            steps.Add(new MoveStep.Disassociate(allocation, association.AssociationId));
            if (!wanted.Contains(association.PrivateAddress)) leftBehind.Add((association.NetworkInterfaceId, association.PrivateAddress));
        }

        // A primary address cannot be given back, and is not among the secondary ones.
        steps.AddRange(leftBehind.Distinct()
            .Where(left => Holds(observed, left.Eni, left.Address))
            .GroupBy(left => left.Eni, left => left.Address, StringComparer.Ordinal)
            .OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => new MoveStep.Unassign(group.Key, [.. group.Order(StringComparer.Ordinal)])));
        return steps;
    }

    private static bool Holds(ObservedEc2 observed, string networkInterfaceId, string address) =>
        observed.SecondaryAddresses.TryGetValue(networkInterfaceId, out var secondary) && secondary.Contains(address);
}
