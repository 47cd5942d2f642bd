using System.Globalization;

namespace Vprox.Allocator.Core;

/// <summary>
/// The invariant "any one node may die": for each node that has addresses, whether all of them would have a place on other nodes and EC2's API
/// would move them in one burst (ADR 9).
/// </summary>
public static class Survivability
{
    /// <summary>AssignPrivateIpAddresses that EC2 takes at once, per account and region (EC2 developer guide, "Request throttling").</summary>
    public const int AssignBurst = 100;

    /// <summary>AssociateAddress that EC2 takes at once.</summary>
    public const int AssociateBurst = 50;

    /// <summary>What a death of each node would do.</summary>
    public static SurvivabilityReport Of(Fleet fleet)
    {
        var load = new FleetLoad(fleet, leaving: []);
        var counts = SeatCounts.Of(fleet, load);
        var byNode = fleet.Placements.ToLookup(placement => placement.NodeId);
        return new SurvivabilityReport
        {
            Nodes = load.Nodes.OrderBy(node => node.Rank).Where(node => !node.Node.Unhealthy && byNode.Contains(node.Node.NodeId))
                .Select(node => Of(node, byNode[node.Node.NodeId].ToList(), load, counts)).ToList(),
            Subnets = load.Interfaces.GroupBy(seat => seat.Eni.SubnetId).OrderBy(group => group.Key, StringComparer.Ordinal)
                .Select(group => new SubnetRoom(group.Key, group.Sum(seat => seat.Free), load.FreePrivateAddresses(group.First()))).ToList(),
        };
    }

    private static NodeSurvivability Of(NodeLoad node, List<FleetPlacement> placements, FleetLoad load, SeatCounts counts)
    {
        var calls = placements.Select(placement => placement.SubnetId).Distinct()
            .Sum(subnet => load.FewestInterfaces(subnet, counts.Within(node, subnet), exceptNodeId: node.Node.NodeId));
        var risk = counts.Of(node);
        return new NodeSurvivability
        {
            NodeId = node.Node.NodeId,
            Addresses = placements.Count,
            Risk = risk,
            AssignCalls = calls,
            Reason = Reason(node.Node.NodeId, placements.Count, risk, calls),
        };
    }

    private static string? Reason(string nodeId, int addresses, DeathRisk risk, int assignCalls) => (risk, assignCalls) switch
    {
        ({ WithoutPlace: > 0 }, _) => Sentence(
            $"if node {nodeId} died, {risk.WithoutPlace} of its {addresses} addresses would have no place: add nodes with {risk.WithoutPlace} more free seats, or uncordon some"),
        ({ Late: > 0 }, _) => Sentence(
            $"if node {nodeId} died, {risk.Across} of its {addresses} addresses would have to leave their subnet and EC2 takes {AssociateBurst} AssociateAddress at once: add {risk.Late} free seats in its subnet"),
        (_, > AssignBurst) => Sentence(
            $"if node {nodeId} died, its {addresses} addresses would need {assignCalls} AssignPrivateIpAddresses and EC2 takes {AssignBurst} at once: add a node with empty network interfaces in its subnet"),
        _ => null,
    };

    private static string Sentence(FormattableString sentence) => sentence.ToString(CultureInfo.InvariantCulture);
}
