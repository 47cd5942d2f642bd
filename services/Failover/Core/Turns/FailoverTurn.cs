namespace Vprox.Failover.Core.Turns;

/// <summary>
/// A replica asks by itself whether it is the one that acts: every replica publishes it, and the broker gives it to the single active
/// consumer of <c>vprox.failover</c> alone. Failover → Failover, exchange <c>vprox.failover-turn</c>.
/// </summary>
public sealed record FailoverTurn
{
    /// <summary>Who asks; new with every process.</summary>
    public required string ReplicaId { get; init; }

    /// <summary>Counts up from 1.</summary>
    public required long Number { get; init; }
}
