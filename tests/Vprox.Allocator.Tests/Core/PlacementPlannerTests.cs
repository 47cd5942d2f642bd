using CsCheck;
using Vprox.Addressing;
using Vprox.Allocator.Core;
using static Vprox.Allocator.Tests.Core.Fleets;

namespace Vprox.Allocator.Tests.Core;

public sealed class PlacementPlannerTests
{
    [Fact]
    public void Plans_keep_the_limits_of_EC2_whatever_the_fleet() =>
        Gen.Select(Any, Gen.Int[1, 40].Array[1, 12]).Sample((fleet, sizes) =>
        {
            var next = 0;
            foreach (var (size, proxy) in sizes.Select((size, proxy) => (Math.Min(size, 5), proxy)))
            {
                var addresses = Enumerable.Range(next, size).Select(Address).ToList();
                next += size;
                var plan = PlacementPlanner.Place(fleet, "ws", $"p{proxy}", addresses);
                Assert.Equal(addresses.ToHashSet(), plan.Placed.Select(placed => placed.Address).Concat(plan.Unplaced).ToHashSet());
                fleet = fleet with { Placements = [.. fleet.Placements, .. plan.Placed] };
                AssertLimits(fleet);
            }
        }, iter: 300);

    [Fact]
    public void A_move_off_dead_nodes_keeps_the_limits_and_puts_nothing_on_them() =>
        Gen.Select(Any, Gen.Int[1, 60], Gen.Int[0, 5]).Sample((fleet, count, dead) =>
        {
            for (var i = 0; i < count; i++)
                fleet = fleet with { Placements = [.. fleet.Placements, .. PlacementPlanner.Place(fleet, "ws", $"p{i / 3}", [Address(i)]).Placed] };
            fleet = fleet with { Nodes = fleet.Nodes.Select(node => node.NodeId == $"n{dead}" ? node with { Unhealthy = true } : node).ToList() };
            var leaving = fleet.Placements.Where(placement => placement.NodeId == $"n{dead}").ToList();

            var plan = PlacementPlanner.Move(fleet, leaving);

            Assert.Equal(leaving.Count, plan.Placed.Count + plan.Unplaced.Count);
            Assert.DoesNotContain(plan.Placed, placed => placed.NodeId == $"n{dead}");
            foreach (var placed in plan.Placed)
            {
                var before = leaving.Single(placement => placement.Address.Equals(placed.Address));
                if (placed.SubnetId == before.SubnetId)
                    Assert.Equal(before.PrivateAddress, placed.PrivateAddress);
            }
            var moved = plan.Placed.Select(placed => placed.Address).ToHashSet();
            AssertLimits(fleet with { Placements = [.. fleet.Placements.Where(placement => !moved.Contains(placement.Address)), .. plan.Placed] });
        }, iter: 500);

    [Fact]
    public void A_proxys_addresses_are_spread_over_the_nodes()
    {
        var fleet = Of(Node("a", true, (0, 29)), Node("b", true, (0, 29)), Node("c", true, (1, 29)));
        var plan = PlacementPlanner.Place(fleet, "ws", "p", [Address(1), Address(2), Address(3)]);
        Assert.Equal(["a", "b", "c"], plan.Placed.Select(placed => placed.NodeId).Order());
    }

    [Fact]
    public void The_lowest_free_private_address_of_the_range_is_taken()
    {
        var fleet = Of(Node("a", true, (0, 29)));
        fleet = fleet with
        {
            Nodes = [fleet.Nodes[0] with { NetworkInterfaces = [fleet.Nodes[0].NetworkInterfaces[0] with { SecondaryAddresses = [Ipv4.Parse("10.0.0.65")] }] }],
        };
        var plan = PlacementPlanner.Place(fleet, "ws", "p", [Address(1), Address(2)]);
        Assert.Equal(["10.0.0.64", "10.0.0.66"], plan.Placed.Select(placed => placed.PrivateAddress.ToString()));
    }

    [Fact]
    public void Addresses_that_EC2_keeps_for_itself_are_never_taken()
    {
        var fleet = Of(Node("a", true, (0, 300))) with { PrivateRanges = [new PrivateRange("subnet-0", SubnetOf(0))] };
        var taken = PlacementPlanner.Place(fleet, "ws", "p", Enumerable.Range(0, 300).Select(Address).ToList()).Placed.Select(placed => placed.PrivateAddress.ToString()).ToList();
        Assert.Equal(256 - 5 - 1, taken.Count); // 5 of EC2, 1 primary
        Assert.DoesNotContain("10.0.0.3", taken);
        Assert.DoesNotContain("10.0.0.255", taken);
    }

    [Fact]
    public void A_full_or_cordoned_or_foreign_node_takes_nothing()
    {
        Assert.Single(PlacementPlanner.Place(Of(Node("a", true, (0, 0))), "ws", "p", [Address(1)]).Unplaced);
        Assert.Single(PlacementPlanner.Place(Of(Node("a", false, (0, 9))), "ws", "p", [Address(1)]).Unplaced);
        Assert.Single(PlacementPlanner.Place(Of(Node("a", true, (9, 9))), "ws", "p", [Address(1)]).Unplaced);
        Assert.Single(PlacementPlanner.Place(Of(), "ws", "p", [Address(1)]).Unplaced);
    }

    [Fact]
    public void A_dead_nodes_addresses_go_within_their_subnet_first_then_elsewhere()
    {
        var fleet = Of(Node("dead", true, (0, 4)));
        fleet = fleet with { Placements = PlacementPlanner.Place(fleet, "ws", "p", Enumerable.Range(0, 4).Select(Address).ToList()).Placed };
        fleet = fleet with { Nodes = [fleet.Nodes[0] with { Unhealthy = true }, Node("same", true, (0, 2)), Node("other", true, (1, 1))] };
        var plan = PlacementPlanner.Move(fleet, fleet.Placements);
        Assert.Equal(["same", "same", "other"], plan.Placed.Select(placed => placed.NodeId));
        Assert.Single(plan.Unplaced);
    }

    [Fact]
    public void Private_addresses_that_a_node_still_shows_after_they_moved_away_fill_no_seat_twice()
    {
        var stale = Node("b", true, (0, 2));
        stale = stale with { NetworkInterfaces = [stale.NetworkInterfaces[0] with { SecondaryAddresses = [Ipv4.Parse("10.0.0.64"), Ipv4.Parse("10.0.0.65")] }] };
        var fleet = Of(Node("a", false, (0, 2)), stale) with
        {
            Placements = [.. Enumerable.Range(0, 2).Select(i => new FleetPlacement
            {
                Address = Address(i), ProxyId = "p", WorkspaceId = "ws", NodeId = "a", NetworkInterfaceId = "eni-a-0", SubnetId = "subnet-0", PrivateAddress = Ipv4.Parse($"10.0.0.{64 + i}"),
            })],
        };
        Assert.Equal(2, PlacementPlanner.Move(fleet, fleet.Placements).Placed.Count);
    }
}
