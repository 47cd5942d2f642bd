using System.Net;
using System.Security.Cryptography;
using Vprox.Addressing;
using Vprox.Contracts;
using Vprox.Identity;
using Vprox.NodeAgent.Core;
using Vprox.NodeAgent.Core.Metadata;
using Vprox.NodeAgent.Core.Placements;
using Vprox.WireGuard;

namespace Vprox.Bench.Nodes;

/// <summary>What a node of some size is told: placements with peers, and what IMDS shows. Peers have keys and inner addresses, and were never seen.</summary>
public sealed class NodeInput
{
    public const string NodeId = "i-0be2c4";
    private static readonly Ipv4Prefix AllInner = Ipv4Prefix.Parse("240.0.0.0/8");
    private static readonly Ipv4Prefix Subnet = Ipv4Prefix.Parse("10.0.0.0/16");

    // wireguard-go's sockets are one folder per machine: names must be this run's own.
    private readonly int _firstPort;
    private readonly NodeSize _size;

    public NodeInput(NodeSize size, SealingKey sealing)
    {
        _size = size;
        _firstPort = RandomNumberGenerator.GetInt32(AddressLayout.ListenPorts.First, AddressLayout.ListenPorts.Last - size.Addresses);
        Identities = [.. Enumerable.Range(0, size.Addresses).Select(_ => StaticIpIdentity.Generate())];
        Messages = [.. Enumerable.Range(0, size.Addresses).Select(slot => Message(slot, sealing))];
        Placements = [.. Messages.Select((message, slot) => PlacementParser.TryParse(message, out var placement, out var error)
            ? placement with { Identity = Identities[slot] }
            : throw new BenchmarkException(error))];
    }

    /// <summary>Signs grants for all of the addresses.</summary>
    public GrantSigner Signer { get; } = GrantSigner.Generate();

    public IReadOnlyList<StaticIpIdentity> Identities { get; }

    public IReadOnlyList<StaticIpPlaced> Messages { get; }

    public IReadOnlyList<Placement> Placements { get; }

    public IReadOnlyList<NetworkInterfaceMetadata> NetworkInterfaces => [.. Enumerable.Range(0, _size.NetworkInterfaces).Select(Eni)];

    /// <summary>A node's state that has heard all of it.</summary>
    public NodeState State()
    {
        var now = TimeProvider.System.GetUtcNow();
        var state = new NodeState(NodeId);
        state.Take(new MetadataSnapshot { InstanceId = NodeId, Region = "us-east-1", NetworkInterfaces = NetworkInterfaces, ReadAt = now });
        foreach (var placement in Placements)
            state.Take(placement, confirmed: false, now);
        return state;
    }

    /// <summary>A random peer's key. Any 32 bytes will do (RFC 7748, section 5).</summary>
    public static WireGuardKey RandomKey() => new(RandomNumberGenerator.GetBytes(WireGuardKey.Size));

    private static IPAddress Public(int slot) => Ipv4.FromUInt32(Ipv4.ToUInt32(Ipv4.Parse("198.18.0.1")) + (uint)slot);

    private IPAddress Private(int slot) => Ipv4.Parse($"10.0.{1 + EniOf(slot)}.{64 + (slot / _size.NetworkInterfaces)}");

    private int EniOf(int slot) => slot % _size.NetworkInterfaces;

    private NetworkInterfaceMetadata Eni(int index)
    {
        var slots = Enumerable.Range(0, _size.Addresses).Where(slot => EniOf(slot) == index).ToList();
        return new NetworkInterfaceMetadata
        {
            NetworkInterfaceId = $"eni-{index}",
            MacAddress = $"02:00:00:00:00:{index + 1:x2}",
            LinkName = $"ens{5 + index}",
            DeviceNumber = index,
            SubnetId = "subnet-1",
            Subnet = Subnet,
            PrimaryAddress = Ipv4.Parse($"10.0.{1 + index}.10"),
            SecondaryAddresses = [.. slots.Select(Private)],
            PublicAddresses = slots.ToDictionary(Private, Public),
        };
    }

    private StaticIpPlaced Message(int slot, SealingKey sealing) => new()
    {
        Address = Public(slot).ToString(),
        Generation = 1,
        NodeId = NodeId,
        PrivateAddress = Private(slot).ToString(),
        NetworkInterfaceId = $"eni-{EniOf(slot)}",
        AllocationId = $"eipalloc-{slot}",
        ProxyId = $"proxy-{slot}",
        WorkspaceId = "workspace-1",
        ListenPort = _firstPort + slot,
        InnerSubnet = AllInner.Subnet(AddressLayout.InnerPrefixLength, slot).ToString(),
        SealedIdentity = SealedIdentity.Seal(Identities[slot], sealing.PublicKey, Public(slot), NodeId),
        GrantKeys = [Signer.Jwk],
        CeilingMbps = _size.CeilingMbps,
        Peers = [.. Enumerable.Range(0, PeersOf(slot)).Select(block => new PlacedPeer
        {
            PublicKey = RandomKey().ToString(),
            InnerAddresses = [AddressLayout.AddressOfBlock(AllInner.Subnet(AddressLayout.InnerPrefixLength, slot), block).ToString()],
        })],
    };

    private int PeersOf(int slot) => (_size.Peers / _size.Addresses) + (slot < _size.Peers % _size.Addresses ? 1 : 0);
}
