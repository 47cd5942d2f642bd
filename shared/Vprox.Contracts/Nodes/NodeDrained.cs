namespace Vprox.Contracts;

/// <summary>The node serves no address any more. Allocator → Failover, exchange <c>vprox.node-drained</c>.</summary>
public sealed record NodeDrained
{
    /// <summary>The node.</summary>
    public required string NodeId { get; init; }

    /// <summary>What the verdict rests on, one sentence each, e.g. "no heartbeat for 812 ms".</summary>
    public required IReadOnlyList<string> Evidence { get; init; }

    /// <summary>When it was decided.</summary>
    public required DateTimeOffset At { get; init; }
}
