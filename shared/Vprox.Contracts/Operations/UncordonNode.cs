namespace Vprox.Contracts;

/// <summary>An operator lets a node take new addresses again. Operator → Allocator, exchange <c>vprox.uncordon-node</c>.</summary>
public sealed record UncordonNode
{
    /// <summary>The node.</summary>
    public required string NodeId { get; init; }
}
