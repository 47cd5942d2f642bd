namespace Vprox.Contracts;

/// <summary>
/// A static address belongs on a node from this generation on. Whoever knows a newer generation of the address ignores it.
/// Allocator → NodeAgent (it prepares) and Failover (it moves the address in EC2), exchange <c>vprox.static-ip-placed</c>.
/// </summary>
public sealed record StaticIpPlaced
{
    /// <summary>The public address, an Elastic IP.</summary>
    public required string Address { get; init; }

    /// <summary>Grows with every decision of the Allocator about any address: of two words the one with the greater number is the newer. 1 is the first.</summary>
    public required long Generation { get; init; }

    /// <summary>The node that shall serve it.</summary>
    public required string NodeId { get; init; }

    /// <summary>The secondary private IPv4 address the Elastic IP is associated with.</summary>
    public required string PrivateAddress { get; init; }

    /// <summary>The ENI of the node that shall hold <see cref="PrivateAddress"/>, e.g. eni-0123.</summary>
    public required string NetworkInterfaceId { get; init; }

    /// <summary>EC2's allocation id of the Elastic IP, e.g. eipalloc-0123.</summary>
    public required string AllocationId { get; init; }

    /// <summary>The proxy the address belongs to.</summary>
    public required string ProxyId { get; init; }

    /// <summary>The owner of the proxy.</summary>
    public required string WorkspaceId { get; init; }

    /// <summary>UDP port of WireGuard, 49152..65535, the same on every node.</summary>
    public required int ListenPort { get; init; }

    /// <summary>The address's inner /22, e.g. 240.0.4.0/22.</summary>
    public required string InnerSubnet { get; init; }

    /// <summary>The address's private keys, sealed to the node's public key (base64); see Vprox.Identity.</summary>
    public required string SealedIdentity { get; init; }

    /// <summary>Public keys that grants for this address may be signed with, as JSON Web Keys.</summary>
    public required IReadOnlyList<string> GrantKeys { get; init; }

    /// <summary>Rate the address may always use, in Mbit/s; null means none.</summary>
    public int? GuaranteedMbps { get; init; }

    /// <summary>Rate the address never exceeds, in Mbit/s; null means the node's share.</summary>
    public int? CeilingMbps { get; init; }

    /// <summary>Ports in one block: 128, 256, 512 or 1024; null means 256.</summary>
    public int? PortBlockSize { get; init; }

    /// <summary>Grows with every change of the two rates, apart from <see cref="Generation"/>: nothing moves when they change.</summary>
    public long BandwidthGeneration { get; init; }

    /// <summary>The tunnels known so far, so that they work the moment the address arrives.</summary>
    public IReadOnlyList<PlacedPeer> Peers { get; init; } = [];

    /// <summary>The node that it leaves and that may still serve it; null at a first placement and when the new node serves already.</summary>
    public string? FromNodeId { get; init; }

    /// <summary>
    /// How many addresses the decision of this generation places on <see cref="NetworkInterfaceId"/>, this one among them: one call of EC2 moves
    /// them all, once as many messages have come. Null where it is not known, as in a snapshot.
    /// </summary>
    public int? PlacedTogether { get; init; }
}

/// <summary>A tunnel of a static address as its next node is told of it.</summary>
public sealed record PlacedPeer
{
    /// <summary>The worker tunnel's WireGuard public key (base64, 44 characters).</summary>
    public required string PublicKey { get; init; }

    /// <summary>Its inner addresses; those within the block part of the subnet own their port block.</summary>
    public required IReadOnlyList<string> InnerAddresses { get; init; }

    /// <summary>Last seen "address:port", or null when it never connected.</summary>
    public string? Endpoint { get; init; }

    /// <summary>When its newest grant was issued; an older grant that names another peer's block gives nothing away. Null when it is not known.</summary>
    public DateTimeOffset? GrantedAt { get; init; }
}
