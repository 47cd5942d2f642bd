using System.Net;
using CsCheck;
using Vprox.Addressing;
using Vprox.Allocator.Core;

namespace Vprox.Allocator.Tests.Core;

/// <summary>Makes fleets: up to three subnets, up to six nodes with up to three ENIs.</summary>
internal static class Fleets
{
    public static Ipv4Prefix SubnetOf(int number) => Ipv4Prefix.Parse($"10.0.{number}.0/24");

    public static FleetNode Node(string nodeId, bool takesPlacements, params (int Subnet, int Capacity)[] interfaces) => new()
    {
        NodeId = nodeId,
        Unhealthy = false,
        Draining = false,
        Cordoned = !takesPlacements,
        NetworkInterfaces = interfaces.Select((eni, device) => new FleetNetworkInterface
        {
            NetworkInterfaceId = $"eni-{nodeId}-{device}",
            SubnetId = $"subnet-{eni.Subnet}",
            Subnet = SubnetOf(eni.Subnet),
            PrimaryAddress = SubnetOf(eni.Subnet).AddressAt(4 + (nodeId[^1] % 50)),
            SecondaryAddresses = [],
            SecondaryCapacity = eni.Capacity,
        }).ToList(),
    };

    public static Fleet Of(params FleetNode[] nodes) => new()
    {
        Nodes = nodes,
        Placements = [],
        PrivateRanges = Enumerable.Range(0, 3).Select(number => new PrivateRange($"subnet-{number}", Ipv4Prefix.Parse($"10.0.{number}.64/26"))).ToList(),
    };

    public static IPAddress Address(int number) => Ipv4.FromUInt32(Ipv4.ToUInt32(IPAddress.Parse("192.0.2.0")) + (uint)number);

    public static Gen<Fleet> Any { get; } =
        Gen.Select(Gen.Bool, Gen.Select(Gen.Int[0, 2], Gen.Int[0, 12]).Array[0, 3]).Array[0, 6]
            .Select(nodes => Of(nodes.Select((node, index) => Node($"n{index}", node.Item1, node.Item2)).ToArray()));

    /// <summary>Nodes large enough that a death can ask more of EC2 than its burst, filled by hand: some subnets have one node only.</summary>
    public static Gen<Fleet> Filled { get; } =
        Gen.Select(
            Gen.Select(Gen.Int[0, 9], Gen.Select(Gen.Int[0, 2], Gen.Int[0, 80]).Array[1, 2]).Array[1, 6],
            Gen.Select(Gen.Int[0, 5], Gen.Int[0, 90]).Array[0, 4])
        .Select((nodes, loads) =>
        {
            var fleet = Of(nodes.Select((node, index) => Node($"n{index}", node.Item1 > 0, node.Item2)).ToArray());
            var next = 0;
            foreach (var (node, count) in loads)
            {
                // Only this node takes placements while it is filled.
                var alone = fleet with { Nodes = fleet.Nodes.Select(known => known with { Cordoned = known.NodeId != $"n{node}" }).ToList() };
                var placed = PlacementPlanner.Place(alone, $"ws{node % 2}", $"p{next}", Enumerable.Range(next, count).Select(Address).ToList()).Placed;
                next += count;
                fleet = fleet with { Placements = [.. fleet.Placements, .. placed.Select((placement, i) => placement with { InFlight = false, Tunnels = i % 3 })] };
            }
            return fleet;
        });

    public static Fleet With(this Fleet fleet, IEnumerable<FleetPlacement> moved)
    {
        var byAddress = moved.ToDictionary(placement => placement.Address);
        return fleet with { Placements = fleet.Placements.Select(placement => byAddress.GetValueOrDefault(placement.Address, placement)).ToList() };
    }

    public static Fleet Dead(this Fleet fleet, params string[] nodeIds) =>
        fleet with { Nodes = fleet.Nodes.Select(node => nodeIds.Contains(node.NodeId) ? node with { Unhealthy = true } : node).ToList() };

    public static List<FleetPlacement> On(this Fleet fleet, params string[] nodeIds) =>
        fleet.Placements.Where(placement => nodeIds.Contains(placement.NodeId)).ToList();

    /// <summary>No private address twice, no ENI beyond its room, every private address of its subnet's range.</summary>
    public static void AssertLimits(Fleet fleet)
    {
        Assert.Equal(fleet.Placements.Count, fleet.Placements.Select(placement => placement.Address).Distinct().Count());
        Assert.Equal(fleet.Placements.Count, fleet.Placements.Select(placement => (placement.SubnetId, placement.PrivateAddress)).Distinct().Count());
        foreach (var group in fleet.Placements.GroupBy(placement => placement.NetworkInterfaceId))
        {
            var node = fleet.Nodes.Single(node => node.NodeId == group.First().NodeId);
            var eni = node.NetworkInterfaces.Single(eni => eni.NetworkInterfaceId == group.Key);
            Assert.True(group.Count() <= eni.SecondaryCapacity);
            Assert.All(group, placement => Assert.Equal(eni.SubnetId, placement.SubnetId));
            Assert.All(group, placement => Assert.Contains(fleet.PrivateRanges, range => range.SubnetId == eni.SubnetId && range.Range.Contains(placement.PrivateAddress)));
        }
    }
}
