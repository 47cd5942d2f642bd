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

    /// <summary>
    /// What the node itself finds wrong with its data plane and could not put right, one sentence, e.g. "nft refused the ruleset: …"; null
    /// when nothing is.
    /// </summary>
    public string? Trouble { get; init; }

    /// <summary>For how long <see cref="Trouble"/> has lasted, in milliseconds; 0 without it.</summary>
    public double TroubleMs { get; init; }
}
