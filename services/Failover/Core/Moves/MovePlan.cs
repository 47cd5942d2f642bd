namespace Vprox.Failover.Core.Moves;

/// <summary>The calls that bring EC2 to the placements, in their order: assign, associate, disassociate, unassign.</summary>
public static class MovePlan
{
    /// <summary>
    /// Plans for the given addresses only. What releases and moves leave behind is given back last, so that an address is never nowhere.
    /// </summary>
    /// <param name="desired">Where the addresses in question shall be.</param>
    /// <param name="released">Allocation ids of Elastic IPs that shall be on nothing.</param>
    /// <param name="wanted">The private addresses of all placements: none of them is given back.</param>
    /// <param name="observed">What EC2 shows.</param>
    public static IReadOnlyList<MoveStep> Plan(
        IReadOnlyCollection<DesiredAddress> desired, IReadOnlyCollection<string> released, IReadOnlySet<string> wanted, ObservedEc2 observed)
    {
        var moves = Moves(desired, released, observed);
        return [.. moves, .. GiveBack(moves.Select(step => LeftBehind.By(step, observed)).OfType<LeftBehind>(), wanted, observed)];
    }

    /// <summary>
    /// Within a subnet one Assign per target ENI moves a whole list with its Elastic IPs; an Associate is left where the Elastic IP is not
    /// on the private address yet (a first placement, another subnet).
    /// </summary>
    public static IReadOnlyList<MoveStep> Moves(
        IReadOnlyCollection<DesiredAddress> desired, IReadOnlyCollection<string> released, ObservedEc2 observed)
    {
        var steps = new List<MoveStep>();
        steps.AddRange(desired
            .Where(address => !observed.Holds(address.NetworkInterfaceId, address.PrivateAddress) && !observed.Associates(address))
            .GroupBy(address => address.NetworkInterfaceId, address => address.PrivateAddress, StringComparer.Ordinal)
            .OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => new MoveStep.Assign(group.Key, [.. group.Distinct().Order(StringComparer.Ordinal)])));
        steps.AddRange(desired
            .Where(address => observed.Associations.GetValueOrDefault(address.AllocationId)?.PrivateAddress != address.PrivateAddress)
            .OrderBy(address => address.Address, StringComparer.Ordinal)
            .Select(address => new MoveStep.Associate(address.AllocationId, address.NetworkInterfaceId, address.PrivateAddress)));
        steps.AddRange(released.Order(StringComparer.Ordinal)
            .Where(allocation => observed.Associations.GetValueOrDefault(allocation) is not null)
            .Select(allocation => new MoveStep.Disassociate(allocation, observed.Associations[allocation]!.AssociationId)));
        return steps;
    }

    /// <summary>One Unassign per ENI for what is left behind. A primary address cannot be given back, and is not among the secondary ones.</summary>
    public static IEnumerable<MoveStep.Unassign> GiveBack(IEnumerable<LeftBehind> leftBehind, IReadOnlySet<string> wanted, ObservedEc2 observed) =>
        leftBehind.Distinct()
            .Where(left => !wanted.Contains(left.PrivateAddress) && observed.Holds(left.NetworkInterfaceId, left.PrivateAddress))
            .GroupBy(left => left.NetworkInterfaceId, left => left.PrivateAddress, StringComparer.Ordinal)
            .OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => new MoveStep.Unassign(group.Key, [.. group.Order(StringComparer.Ordinal)]));
}
