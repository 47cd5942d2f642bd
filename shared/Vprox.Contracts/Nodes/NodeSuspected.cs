namespace Vprox.Contracts;

/// <summary>
/// Failover misses a node; nothing follows from it yet. Failover → whoever watches, exchange <c>vprox.node-suspected</c>.
/// </summary>
public sealed record NodeSuspected
{
    /// <summary>The node.</summary>
    public required string NodeId { get; init; }

    /// <summary>What the suspicion rests on, one sentence each.</summary>
    public required IReadOnlyList<string> Evidence { get; init; }

    /// <summary>When it was noticed.</summary>
    public required DateTimeOffset At { get; init; }
}
