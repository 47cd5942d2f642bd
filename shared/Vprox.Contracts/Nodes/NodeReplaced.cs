namespace Vprox.Contracts;

/// <summary>
/// An instance was started in place of a node that is gone for good. It joins by itself. Failover → operators, exchange
/// <c>vprox.node-replaced</c>.
/// </summary>
public sealed record NodeReplaced
{
    /// <summary>The node that is gone.</summary>
    public required string NodeId { get; init; }

    /// <summary>The instance that was started, e.g. i-0123.</summary>
    public required string InstanceId { get; init; }

    /// <summary>Why the node counts as gone, one sentence each.</summary>
    public required IReadOnlyList<string> Evidence { get; init; }

    /// <summary>When it was started.</summary>
    public required DateTimeOffset At { get; init; }
}
