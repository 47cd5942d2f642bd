namespace Vprox.Contracts;

/// <summary>Failover holds the node for dead; its addresses are placed anew. Failover → Allocator, exchange <c>vprox.node-unhealthy</c>.</summary>
public sealed record NodeUnhealthy
{
    /// <summary>The node.</summary>
    public required string NodeId { get; init; }

    /// <summary>What the verdict rests on, one sentence each, e.g. "no heartbeat for 812 ms".</summary>
    public required IReadOnlyList<string> Evidence { get; init; }

    /// <summary>When it was decided.</summary>
    public required DateTimeOffset At { get; init; }
}
