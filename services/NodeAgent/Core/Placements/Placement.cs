using System.Net;
using Vprox.Addressing;
using Vprox.Contracts;
using Vprox.Identity;
using Vprox.WireGuard;

namespace Vprox.NodeAgent.Core.Placements;

/// <summary>A StaticIpPlaced that was checked and parsed.</summary>
public sealed record Placement
{
    /// <summary>The public address.</summary>
    public required IPAddress Address { get; init; }

    /// <summary>Grows with every placement of the address.</summary>
    public required long Generation { get; init; }

    /// <summary>The node that shall serve it.</summary>
    public required string NodeId { get; init; }

    /// <summary>The secondary private address that the kernel sees.</summary>
    public required IPAddress PrivateAddress { get; init; }

    /// <summary>UDP port of WireGuard.</summary>
    public required int ListenPort { get; init; }

    /// <summary>The inner /22.</summary>
    public required Ipv4Prefix Inner { get; init; }

    /// <summary>Ports in one of its blocks.</summary>
    public int BlockSize { get; init; } = AddressLayout.BlockSize;

    /// <summary>What it may send and receive.</summary>
    public required Bandwidth Bandwidth { get; init; }

    /// <summary>Its conntrack zone on this node, 1..65535; 0 until the node has taken it (<see cref="PlacementTable.LastZone"/>).</summary>
    public ushort Zone { get; init; }

    /// <summary>The tunnels the Allocator knows.</summary>
    public required IReadOnlyList<PlacedTunnel> Peers { get; init; }

    /// <summary>The address's keys; null when the seal did not open with this node's key.</summary>
    public StaticIpIdentity? Identity { get; init; }

    /// <summary>The message itself, still sealed, as the journal keeps it.</summary>
    public required StaticIpPlaced Message { get; init; }

    /// <summary>The placement with those of its peers that shall stay; the same one when all shall.</summary>
    public Placement WithPeers(Func<WireGuardKey, bool> stays)
    {
        var kept = Peers.Where(peer => stays(peer.PublicKey)).ToList();
        if (kept.Count == Peers.Count)
            return this;
        var keys = kept.Select(peer => peer.PublicKey).ToHashSet();
        return this with { Peers = kept, Message = Message with { Peers = [.. Message.Peers.Where(peer => keys.Contains(WireGuardKey.Parse(peer.PublicKey)))] } };
    }
}
