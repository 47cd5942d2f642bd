namespace Vprox.Contracts;

/// <summary>An operator lets a node take new addresses again; its drain is over. Operator → Allocator and Failover, exchange <c>vprox.uncordon-node</c>.</summary>
public sealed record UncordonNode
{
    /// <summary>The node.</summary>
    public required string NodeId { get; init; }
}
