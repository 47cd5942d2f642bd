namespace Vprox.Contracts;

/// <summary>
/// The address belongs to no proxy any more: its node tears it down. Allocator → NodeAgent and Failover, exchange
/// <c>vprox.static-ip-released</c>.
/// </summary>
public sealed record StaticIpReleased
{
    /// <summary>The public address.</summary>
    public required string Address { get; init; }

    /// <summary>The node it was last placed on.</summary>
    public required string NodeId { get; init; }

    /// <summary>Newer than the generation of its last placement.</summary>
    public required long Generation { get; init; }
}
