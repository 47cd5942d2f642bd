namespace Vprox.Contracts;

/// <summary>
/// A node is alive. Transient: it expires in the broker after a second and is never dead-lettered.
/// NodeAgent → Failover, exchange <c>vprox.node-heartbeat</c>.
/// </summary>
public sealed record NodeHeartbeat
{
    /// <summary>The node.</summary>
    public required string NodeId { get; init; }

    /// <summary>Counts up from 1 since the agent started; a lower one with the same <see cref="StartedAt"/> is late and ignored.</summary>
    public required long Sequence { get; init; }

    /// <summary>When the agent process started.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>Static addresses it serves now.</summary>
    public required int ServingCount { get; init; }
}
