namespace Vprox.Contracts;

/// <summary>
/// The node has interface, key, peers and nft of the address in place and only waits for EC2 to bring it. A drain moves the address no
/// sooner; a move from a dead node does not wait for it. NodeAgent → Failover, exchange <c>vprox.static-ip-prepared</c>.
/// </summary>
public sealed record StaticIpPrepared
{
    /// <summary>The public address.</summary>
    public required string Address { get; init; }

    /// <summary>The node that is prepared.</summary>
    public required string NodeId { get; init; }

    /// <summary>The generation it is prepared for.</summary>
    public required long Generation { get; init; }
}
