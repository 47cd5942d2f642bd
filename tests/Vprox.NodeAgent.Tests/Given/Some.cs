using System.Net;
using Vprox.Addressing;
using Vprox.Contracts;
using Vprox.Identity;
using Vprox.NodeAgent.Core.Metadata;
using Vprox.NodeAgent.Core.Placements;
using Vprox.WireGuard;

namespace Vprox.NodeAgent.Tests.Given;

/// <summary>Placements, keys and metadata that tests start from.</summary>
internal static class Some
{
    public const string Node = "i-1";
    public static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly Ipv4Prefix AllInner = Ipv4Prefix.Parse("240.0.0.0/8");

    public static StaticIpIdentity Identity { get; } = StaticIpIdentity.Generate();

    public static IPAddress PublicAddress(int slot) => Ipv4.Parse($"192.0.2.{slot + 1}");

    public static IPAddress PrivateAddress(int slot) => Ipv4.Parse($"10.0.1.{slot + 11}");

    public static Ipv4Prefix Inner(int slot) => AllInner.Subnet(22, slot);

    public static WireGuardKey Key(int number)
    {
        var bytes = new byte[WireGuardKey.Size];
        bytes[0] = (byte)number;
        bytes[1] = (byte)(number >> 8);
        bytes[31] = 1;
        return new WireGuardKey(bytes);
    }

    public static StaticIpPlaced Message(int slot, long generation, string node = Node, params PlacedPeer[] peers) => new()
    {
        Address = PublicAddress(slot).ToString(),
        Generation = generation,
        NodeId = node,
        PrivateAddress = PrivateAddress(slot).ToString(),
        NetworkInterfaceId = "eni-1",
        AllocationId = $"eipalloc-{slot}",
        ProxyId = $"proxy-{slot}",
        WorkspaceId = "workspace-1",
        ListenPort = AddressLayout.ListenPorts.First + slot,
        InnerSubnet = Inner(slot).ToString(),
        SealedIdentity = "sealed",
        GrantKeys = [],
        Peers = peers,
    };

    public static PlacedPeer Peer(int slot, int block, WireGuardKey key, string? endpoint = null) => new()
    {
        PublicKey = key.ToString(),
        InnerAddresses = [AddressLayout.AddressOfBlock(Inner(slot), block).ToString()],
        Endpoint = endpoint,
    };

    public static Placement Placement(int slot, long generation, string node = Node, params PlacedPeer[] peers) =>
        PlacementParser.TryParse(Message(slot, generation, node, peers), out var placement, out var error)
            ? placement with { Identity = node == Node ? Identity : null }
            : throw new ArgumentException(error);

    /// <summary>One ENI with the secondary addresses of these slots, each associated with its public address unless said otherwise.</summary>
    public static MetadataSnapshot Metadata(params int[] slots) => new()
    {
        InstanceId = Node,
        Region = "us-east-1",
        NetworkInterfaces =
        [
            new NetworkInterfaceMetadata
            {
                NetworkInterfaceId = "eni-1",
                MacAddress = "02:00:00:00:00:01",
                LinkName = "ens5",
                DeviceNumber = 0,
                SubnetId = "subnet-1",
                Subnet = Ipv4Prefix.Parse("10.0.1.0/24"),
                PrimaryAddress = Ipv4.Parse("10.0.1.10"),
                SecondaryAddresses = [.. slots.Select(PrivateAddress)],
                PublicAddresses = slots.ToDictionary(PrivateAddress, PublicAddress),
            },
        ],
    };

    public static MetadataSnapshot WithPublicAddresses(this MetadataSnapshot metadata, params (IPAddress Private, IPAddress Public)[] associations) => metadata with
    {
        NetworkInterfaces =
        [
            metadata.NetworkInterfaces[0] with { PublicAddresses = associations.ToDictionary(pair => pair.Private, pair => pair.Public) },
        ],
    };
}
