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
        TakesPlacements = takesPlacements,
        NetworkInterfaces = interfaces.Select((eni, device) => new FleetNetworkInterface
        {
            NetworkInterfaceId = $"eni-{nodeId}-{device}",
            SubnetId = $"subnet-{eni.Subnet}",
            Subnet = SubnetOf(eni.Subnet),
            PrimaryAddress = SubnetOf(eni.Subnet).AddressAt(4 + (Math.Abs(nodeId.GetHashCode(StringComparison.Ordinal)) % 50)),
            SecondaryAddresses = [],
            SecondaryCapacity = eni.Capacity,
        }).ToList(),
    };

    public static Fleet Of(params FleetNode[] nodes) => new()
    {
        Nodes = nodes,
        Placements = [],
        PrivateRanges = Enumerable.Range(0, 3).Select(number => new PrivateRange($"subnet-{number}", Ipv4Prefix.Parse($"10.0.{number}.64/27"))).ToList(),
    };

    public static IPAddress Address(int number) => Ipv4.FromUInt32(Ipv4.ToUInt32(IPAddress.Parse("192.0.2.0")) + (uint)number);

    public static Gen<Fleet> Any { get; } =
        Gen.Select(Gen.Bool, Gen.Select(Gen.Int[0, 2], Gen.Int[0, 12]).Array[0, 3]).Array[0, 6]
            .Select(nodes => Of(nodes.Select((node, index) => Node($"n{index}", node.Item1, node.Item2)).ToArray()));
}
