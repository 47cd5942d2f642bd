namespace Vprox.Contracts;

/// <summary>
/// Everything is moved away from a node, the old node alive until the new one serves. From an operator, or from the node itself that EC2
/// told of its end. Operator, NodeAgent → Failover, exchange <c>vprox.drain-node</c>.
/// </summary>
public sealed record DrainNode
{
    /// <summary>The node.</summary>
    public required string NodeId { get; init; }

    /// <summary>Why, for the log, e.g. "spot instance-action terminate at 2026-01-01T00:02:00Z"; null means that an operator wants it.</summary>
    public string? Reason { get; init; }
}
