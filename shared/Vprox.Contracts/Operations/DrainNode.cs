namespace Vprox.Contracts;

/// <summary>An operator moves everything away from a node, the old node alive until the new one serves. Operator → Failover, exchange <c>vprox.drain-node</c>.</summary>
public sealed record DrainNode
{
    /// <summary>The node.</summary>
    public required string NodeId { get; init; }
}
