using CsCheck;
using Vprox.Allocator.Core;
using static Vprox.Allocator.Tests.Core.Fleets;

namespace Vprox.Allocator.Tests.Core;

/// <summary>Where the addresses of dead nodes go.</summary>
public sealed class MovePlanTests
{
    [Fact]
    public void All_that_fits_in_its_subnet_stays_there_and_all_that_fits_anywhere_finds_a_place() =>
        Gen.Select(Filled, Gen.Int[0, 5], Gen.Int[0, 5]).Sample((fleet, one, other) =>
        {
            fleet = fleet.Dead($"n{one}", $"n{other}");
            var leaving = fleet.On($"n{one}", $"n{other}");
            var load = new FleetLoad(fleet, leaving);
            var (seats, privateAddresses) = (0, new Dictionary<string, int>());
            foreach (var subnet in load.Interfaces.GroupBy(seat => seat.Eni.SubnetId))
            {
                seats += subnet.Sum(seat => seat.Free);
                privateAddresses[subnet.Key] = load.FreePrivateAddresses(subnet.First());
            }
            var room = load.Interfaces.GroupBy(seat => seat.Eni.SubnetId).ToDictionary(group => group.Key, group => group.Sum(seat => seat.Free));

            var plan = PlacementPlanner.Move(fleet, leaving);

            var within = plan.Placed.Where(placed => leaving.Single(left => left.Address.Equals(placed.Address)).SubnetId == placed.SubnetId).ToList();
            foreach (var subnet in leaving.GroupBy(left => left.SubnetId))
                Assert.Equal(Math.Min(subnet.Count(), room.GetValueOrDefault(subnet.Key)), within.Count(placed => placed.SubnetId == subnet.Key));
            var elsewhere = room.Sum(subnet => Math.Min(subnet.Value - within.Count(placed => placed.SubnetId == subnet.Key), privateAddresses[subnet.Key]));
            Assert.Equal(Math.Min(leaving.Count - within.Count, elsewhere), plan.Placed.Count - within.Count);
            Assert.All(plan.Placed, placed => Assert.True(fleet.Nodes.Single(node => node.NodeId == placed.NodeId).TakesPlacements));
            AssertLimits(fleet.With(plan.Placed));
        }, iter: 200);

    [Fact]
    public void The_order_in_which_a_fleet_was_read_changes_nothing() =>
        Gen.Select(Filled, Gen.Int[0, 5]).Sample((fleet, dead) =>
        {
            fleet = fleet.Dead($"n{dead}");
            var turned = fleet with
            {
                Nodes = fleet.Nodes.Reverse().Select(node => node with { NetworkInterfaces = node.NetworkInterfaces.Reverse().ToList() }).ToList(),
                Placements = fleet.Placements.Reverse().ToList(),
            };
            Assert.Equal(
                PlacementPlanner.Move(fleet, fleet.On($"n{dead}")).Placed, PlacementPlanner.Move(turned, turned.On($"n{dead}")).Placed);
        }, iter: 150);

    [Fact]
    public void Two_nodes_that_die_one_after_the_other_or_at_once_leave_a_valid_fleet_with_as_many_places() =>
        Gen.Select(Filled, Gen.Int[0, 5], Gen.Int[0, 5]).Where((_, one, other) => one != other).Sample((fleet, one, other) =>
        {
            var (first, second) = ($"n{one}", $"n{other}");
            var atOnce = fleet.Dead(first, second);
            atOnce = atOnce.With(PlacementPlanner.Move(atOnce, atOnce.On(first, second)).Placed);
            var after = fleet.Dead(first);
            after = after.With(PlacementPlanner.Move(after, after.On(first)).Placed).Dead(second);
            after = after.With(PlacementPlanner.Move(after, after.On(first, second)).Placed);

            AssertLimits(atOnce);
            AssertLimits(after);
            Assert.Equal(atOnce.On(first, second).Count == 0, after.On(first, second).Count == 0);
        }, iter: 150);

    [Theory]
    [InlineData(1, 8)]
    [InlineData(2, 8)]
    [InlineData(3, 8)]
    [InlineData(5, 8)]
    [InlineData(12, 8)]
    public void A_node_of_8_interfaces_and_232_addresses_moves_in_8_calls(int survivors, int calls)
    {
        var eight = Enumerable.Repeat((0, 29), 8).ToArray();
        var fleet = Of([Node("dead", true, eight)]) with { PrivateRanges = [new PrivateRange("subnet-0", SubnetOf(0))] };
        var placed = Enumerable.Range(0, 47)
            .SelectMany(proxy => Enumerable.Range(proxy * 5, proxy == 46 ? 2 : 5).Select(number => (number, proxy)))
            .Select(address => new FleetPlacement
            {
                Address = Address(address.number), ProxyId = $"p{address.proxy}", WorkspaceId = $"ws{address.proxy % 9}", NodeId = "dead",
                NetworkInterfaceId = $"eni-dead-{address.number % 8}", SubnetId = "subnet-0", PrivateAddress = SubnetOf(0).AddressAt(10 + address.number),
            }).ToList();
        fleet = fleet with { Nodes = [.. fleet.Nodes, .. Enumerable.Range(0, survivors).Select(number => Node($"s{number}", true, eight))], Placements = placed };

        var plan = PlacementPlanner.Move(fleet.Dead("dead"), fleet.Placements);

        Assert.Equal(232, plan.Placed.Count);
        Assert.Equal(calls, plan.Placed.Select(placement => placement.NetworkInterfaceId).Distinct().Count());
        var perNode = plan.Placed.GroupBy(placement => placement.NodeId).Select(group => group.Count()).ToList();
        Assert.Equal(Math.Min(survivors, 8), perNode.Count);
        Assert.True(perNode.Max() - perNode.Min() <= 29);
    }

    [Fact]
    public void Calls_are_few_in_every_fleet_and_spread_is_kept_while_they_are() =>
        Gen.Select(Filled, Gen.Int[0, 5]).Sample((fleet, dead) =>
        {
            fleet = fleet.Dead($"n{dead}");
            var leaving = fleet.On($"n{dead}");
            var fewest = leaving.GroupBy(placement => placement.SubnetId).Sum(group => new FleetLoad(fleet, leaving).FewestInterfaces(group.Key, group.Count()));
            var within = PlacementPlanner.Move(fleet, leaving).Placed
                .Where(placed => leaving.Single(left => left.Address.Equals(placed.Address)).SubnetId == placed.SubnetId);
            Assert.True(within.Select(placed => placed.NetworkInterfaceId).Distinct().Count() <= 8 + 2 + fewest);
        }, iter: 150);

    [Fact]
    public void A_workspaces_addresses_end_on_different_nodes_also_when_they_are_of_different_proxies()
    {
        var fleet = Of(Node("dead", true, (0, 29)), Node("a", true, (0, 29)), Node("b", true, (0, 29)), Node("c", true, (0, 29)));
        fleet = fleet with { Placements = [On("dead", 1, "p1"), On("dead", 2, "p2"), On("a", 3, "p3")] };
        var plan = PlacementPlanner.Move(fleet.Dead("dead"), fleet.On("dead"));
        Assert.Equal(["b", "c"], plan.Placed.Select(placement => placement.NodeId).Order());
    }

    [Fact]
    public void The_address_most_tunnels_wait_for_gets_the_last_seat_then_the_one_with_the_higher_guarantee()
    {
        var fleet = Of(Node("dead", true, (0, 29)), Node("a", true, (0, 1)));
        List<FleetPlacement> leaving = [On("dead", 1, "p1"), On("dead", 2, "p2") with { Tunnels = 9 }, On("dead", 3, "p3") with { Tunnels = 9, GuaranteedMbps = 50 }];
        var plan = PlacementPlanner.Move((fleet with { Placements = leaving }).Dead("dead"), leaving);
        Assert.Equal(Address(3), Assert.Single(plan.Placed).Address);
        Assert.Equal([Address(2), Address(1)], plan.Unplaced);
    }

    [Fact]
    public void What_is_dark_goes_before_what_is_only_drained()
    {
        var fleet = Of(Node("dead", true, (0, 29)), Node("drain", true, (0, 29)) with { Draining = true }, Node("a", true, (0, 1)));
        List<FleetPlacement> leaving = [On("drain", 1, "p1") with { Tunnels = 99 }, On("dead", 2, "p2")];
        Assert.Equal("p2", Assert.Single(PlacementPlanner.Move((fleet with { Placements = leaving }).Dead("dead"), leaving).Placed).ProxyId);
    }

    private static FleetPlacement On(string nodeId, int number, string proxyId) => new()
    {
        Address = Address(number), ProxyId = proxyId, WorkspaceId = "ws", NodeId = nodeId, NetworkInterfaceId = $"eni-{nodeId}-0", SubnetId = "subnet-0",
        PrivateAddress = SubnetOf(0).AddressAt(70 + number),
    };
}
