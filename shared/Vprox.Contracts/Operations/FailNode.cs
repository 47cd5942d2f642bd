namespace Vprox.Contracts;

/// <summary>
/// An operator declares a node dead, also while Failover holds its verdicts back. Operator → Failover, exchange <c>vprox.fail-node</c>.
/// </summary>
public sealed record FailNode
{
    /// <summary>The node.</summary>
    public required string NodeId { get; init; }

    /// <summary>Why, for the log; null when nothing is said.</summary>
    public string? Reason { get; init; }
}
