using CsCheck;
using Vprox.Allocator.Core;
using static Vprox.Allocator.Tests.Core.Fleets;

namespace Vprox.Allocator.Tests.Core;

public sealed class RebalanceTests
{
    [Fact]
    public void It_never_puts_more_at_risk_moves_nothing_without_need_and_ends() =>
        Gen.Select(Filled, Gen.Int[1, 8]).Sample((fleet, limit) =>
        {
            if (AtRisk(fleet) == 0)
                Assert.Empty(Rebalance.Plan(fleet, limit));
            for (var round = 0; Rebalance.Plan(fleet, limit) is { Count: > 0 } moves; round++)
            {
                Assert.True(moves.Count <= limit && round < 300);
                Assert.Equal(moves.Count, moves.Select(move => move.Address).Distinct().Count());
                var after = fleet.With(moves);
                // Each move pays: none is made for another's sake.
                Assert.True(AtRisk(after) <= AtRisk(fleet) - moves.Count);
                AssertLimits(after);
                fleet = after with { Placements = after.Placements.Select(placement => placement with { InFlight = false }).ToList() };
            }
        }, iter: 100);

    [Fact]
    public void A_node_that_would_send_more_to_other_subnets_than_EC2_takes_at_once_is_thinned_out_a_few_at_a_time()
    {
        var fleet = Of(Node("a", true, (0, 62)), Node("b", true, (1, 64)));
        fleet = fleet with { Placements = PlacementPlanner.Place(Alone(fleet, "a"), "ws", "p", Enumerable.Range(0, 60).Select(Address).ToList()).Placed };
        fleet = fleet with { Placements = fleet.Placements.Select((placement, i) => placement with { InFlight = false, Tunnels = 60 - i }).ToList() };
        Assert.Equal(10, AtRisk(fleet));

        var moves = Rebalance.Plan(fleet, 4);
        Assert.Equal([59, 58, 57, 56], moves.Select(move => Enumerable.Range(0, 60).Single(i => Address(i).Equals(move.Address))));
        Assert.All(moves, move => Assert.Equal(("b", "subnet-1"), (move.NodeId, move.SubnetId)));
        // Those in flight are waited for.
        Assert.Empty(Rebalance.Plan(fleet.With(moves), 4));
    }

    [Fact]
    public void A_node_that_joins_and_that_nobody_needs_takes_nothing()
    {
        var fleet = Of(Node("a", true, (0, 29)), Node("b", true, (0, 29)));
        fleet = fleet with { Placements = PlacementPlanner.Place(fleet, "ws", "p", [Address(1), Address(2), Address(3)]).Placed };
        Assert.Empty(Rebalance.Plan(fleet with { Nodes = [.. fleet.Nodes, Node("c", true, (0, 29))] }, 8));
    }

    private static Fleet Alone(Fleet fleet, string nodeId) =>
        fleet with { Nodes = fleet.Nodes.Select(node => node with { Cordoned = node.NodeId != nodeId }).ToList() };

    private static int AtRisk(Fleet fleet) => Survivability.Of(fleet).Nodes.Sum(node => node.Risk.AtRisk);
}
