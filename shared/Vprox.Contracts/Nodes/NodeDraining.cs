namespace Vprox.Contracts;

/// <summary>Existing placements are being moved away from the node. Failover → Allocator, exchange <c>vprox.node-draining</c>.</summary>
public sealed record NodeDraining
{
    /// <summary>The node.</summary>
    public required string NodeId { get; init; }

    /// <summary>What the verdict rests on, one sentence each, e.g. "no heartbeat for 812 ms".</summary>
    public required IReadOnlyList<string> Evidence { get; init; }

    /// <summary>When it was decided.</summary>
    public required DateTimeOffset At { get; init; }
}
