namespace Vprox.Contracts;

/// <summary>A worker's tunnels to these addresses carry nothing. WorkerAgent → Failover, exchange <c>vprox.tunnel-lost</c>.</summary>
public sealed record TunnelLost
{
    /// <summary>The worker.</summary>
    public required string WorkerId { get; init; }

    /// <summary>The static addresses, batched.</summary>
    public required IReadOnlyList<string> Addresses { get; init; }

    /// <summary>
    /// The worker's other static addresses whose tunnels carry traffic at that moment: whoever reaches one node and not another tells a
    /// dead node from a dead uplink of its own. Empty when there are none, or the worker does not say.
    /// </summary>
    public IReadOnlyList<string> Carrying { get; init; } = [];

    /// <summary>When the worker noticed.</summary>
    public required DateTimeOffset At { get; init; }
}
