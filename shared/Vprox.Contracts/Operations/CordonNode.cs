namespace Vprox.Contracts;

/// <summary>An operator lets a node take no new addresses. Operator → Allocator, exchange <c>vprox.cordon-node</c>.</summary>
public sealed record CordonNode
{
    /// <summary>The node.</summary>
    public required string NodeId { get; init; }
}
