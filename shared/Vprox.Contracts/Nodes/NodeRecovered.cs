namespace Vprox.Contracts;

/// <summary>A node that was unhealthy answers again and may be given addresses. Failover → Allocator, exchange <c>vprox.node-recovered</c>.</summary>
public sealed record NodeRecovered
{
    /// <summary>The node.</summary>
    public required string NodeId { get; init; }

    /// <summary>What the verdict rests on, one sentence each, e.g. "no heartbeat for 812 ms".</summary>
    public required IReadOnlyList<string> Evidence { get; init; }

    /// <summary>When it was decided.</summary>
    public required DateTimeOffset At { get; init; }
}
