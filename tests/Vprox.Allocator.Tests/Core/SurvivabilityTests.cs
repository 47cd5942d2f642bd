using CsCheck;
using Vprox.Allocator.Core;
using static Vprox.Allocator.Tests.Core.Fleets;

namespace Vprox.Allocator.Tests.Core;

public sealed class SurvivabilityTests
{
    [Fact]
    public void It_foretells_what_the_planner_would_do_with_every_node() =>
        Filled.Sample(fleet =>
        {
            foreach (var node in Survivability.Of(fleet).Nodes)
            {
                var leaving = fleet.On(node.NodeId);
                var plan = PlacementPlanner.Move(fleet.Dead(node.NodeId), leaving);
                var across = plan.Placed.Count(placed => leaving.Single(left => left.Address.Equals(placed.Address)).SubnetId != placed.SubnetId);
                Assert.Equal((leaving.Count, plan.Unplaced.Count, across), (node.Addresses, node.Risk.WithoutPlace, node.Risk.Across));
                Assert.Equal(node.Risk.AtRisk == 0, node.Holds);
            }
        }, iter: 150);

    [Fact]
    public void An_empty_fleet_and_one_without_addresses_hold()
    {
        Assert.True(Survivability.Of(Of()).Holds);
        Assert.True(Survivability.Of(Of(Node("a", true, (0, 29)))).Holds);
    }

    [Fact]
    public void A_lone_node_may_not_die_and_the_reason_says_what_to_add()
    {
        var fleet = Fill(Of(Node("a", true, (0, 29))), "a", 4);
        var node = Assert.Single(Survivability.Of(fleet).Nodes);
        Assert.Equal(
            "if node a died, 4 of its 4 addresses would have no place: add nodes with 4 more free seats, or uncordon some", node.Reason);
        Assert.True(Survivability.Of(fleet with { Nodes = [.. fleet.Nodes, Node("b", true, (0, 4))] }).Holds);
        Assert.False(Survivability.Of(fleet with { Nodes = [.. fleet.Nodes, Node("b", false, (0, 4))] }).Holds);
    }

    [Fact]
    public void Leaving_the_subnet_counts_as_survived_up_to_what_EC2_takes_at_once()
    {
        var fleet = Fill(Of(Node("a", true, (0, 60)), Node("b", true, (1, 60))), "a", 50);
        var node = Assert.Single(Survivability.Of(fleet).Nodes);
        Assert.Equal((true, 50), (node.Holds, node.Risk.Across));
        fleet = Fill(fleet, "a", 2, from: 50);
        node = Assert.Single(Survivability.Of(fleet).Nodes);
        Assert.Equal((false, 2), (node.Holds, node.Risk.Late));
        Assert.Contains("AssociateAddress", node.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void More_target_interfaces_than_EC2_takes_calls_break_it()
    {
        var fleet = Fill(Of(Node("a", true, (0, 60), (0, 60))) with { PrivateRanges = [new PrivateRange("subnet-0", SubnetOf(0))] }, "a", 101);
        var crumbs = Node("b", true, Enumerable.Repeat((0, 1), 110).ToArray());
        var node = Assert.Single(Survivability.Of(fleet with { Nodes = [.. fleet.Nodes, crumbs] }).Nodes);
        Assert.Equal((101, 0), (node.AssignCalls, node.Risk.AtRisk));
        Assert.Contains("AssignPrivateIpAddresses", node.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_dead_node_cannot_die_again()
    {
        var fleet = Fill(Of(Node("a", true, (0, 29))), "a", 4);
        Assert.Empty(Survivability.Of(fleet.Dead("a")).Nodes);
    }

    [Fact]
    public void A_new_address_goes_where_any_one_node_may_still_die_when_there_is_such_a_place()
    {
        // On c, which is emptier, it would be one that nobody else has a seat for.
        var fleet = Fill(Fill(Of(Node("a", true, (0, 2)), Node("b", true, (0, 3)), Node("c", true, (0, 9))), "c", 4), "b", 1, from: 4);
        var plan = PlacementPlanner.Place(fleet, "ws", "new", [Address(9)]);
        var after = fleet with { Placements = [.. fleet.Placements, .. plan.Placed] };
        Assert.Equal(
            Survivability.Of(after).Nodes.Sum(node => node.Risk.AtRisk),
            fleet.Nodes.Min(node => AtRiskWith(fleet, node.NodeId)));

        static int AtRiskWith(Fleet fleet, string nodeId) => Survivability.Of(Fill(fleet, nodeId, 1, from: 9)).Nodes.Sum(node => node.Risk.AtRisk);
    }

    [Fact]
    public void No_other_seat_for_a_new_address_puts_fewer_at_risk() =>
        Filled.Sample(fleet =>
        {
            if (PlacementPlanner.Place(fleet, "ws", "new", [Address(999)]).Placed is not [var placed])
                return;
            var chosen = AtRisk(fleet, placed);
            foreach (var node in fleet.Nodes.Where(node => node.TakesPlacements))
            {
                var alone = fleet with { Nodes = fleet.Nodes.Select(known => known with { Cordoned = known.NodeId != node.NodeId }).ToList() };
                if (PlacementPlanner.Place(alone, "ws", "new", [Address(999)]).Placed is [var other])
                    Assert.True(chosen <= AtRisk(fleet, other));
            }
        }, iter: 200);

    private static int AtRisk(Fleet fleet, FleetPlacement added) =>
        Survivability.Of(fleet with { Placements = [.. fleet.Placements, added] }).Nodes.Sum(node => node.Risk.AtRisk);

    private static Fleet Fill(Fleet fleet, string nodeId, int count, int from = 0)
    {
        var alone = fleet with { Nodes = fleet.Nodes.Select(node => node with { Cordoned = node.NodeId != nodeId }).ToList() };
        var placed = PlacementPlanner.Place(alone, "ws", "p", Enumerable.Range(from, count).Select(Address).ToList()).Placed;
        return fleet with { Placements = [.. fleet.Placements, .. placed] };
    }
}
