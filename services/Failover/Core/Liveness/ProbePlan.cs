namespace Vprox.Failover.Core.Liveness;

/// <summary>Which nodes to probe now.</summary>
public static class ProbePlan
{
    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Whether a probe is due. In silence at fixed moments: the first when the first heartbeat is missed, at 40 % of what makes a node
    /// suspected, the second early enough that both are decided by then. Nodes that somebody complains of, or that are unhealthy, every second.
    /// Every node once when it becomes known: so it shows, before it matters, whether there is a way to it at all.
    /// </summary>
    /// <param name="node">The node.</param>
    /// <param name="complaint">Whether a worker has lost it.</param>
    /// <param name="lastBegan">When its last probe was begun; null for none.</param>
    /// <param name="now">The time.</param>
    /// <param name="policy">What silence makes a node suspected.</param>
    public static bool IsDue(ObservedNode node, bool complaint, TimeSpan? lastBegan, TimeSpan now, LivenessPolicy policy)
    {
        if (lastBegan is null) return true;
        if (Moment(node.Heartbeats.Silence(now), policy.SuspectAfter) is { } moment && node.Health != Health.Unhealthy)
            return lastBegan < node.Heartbeats.LastHeard + moment;
        var wanted = node.Health == Health.Unhealthy || complaint || node.Heartbeats.Trouble is not null;
        return wanted && now - lastBegan >= Slow;
    }

    /// <summary>The last moment of silence at which a probe is begun; null before the first.</summary>
    private static TimeSpan? Moment(TimeSpan silence, TimeSpan suspectAfter)
    {
        // 300, 450, 600 and 750 ms for the usual 750 ms, so that a late look at the clock still leaves two; then every half second.
        var fifth = suspectAfter / 5;
        var fifths = Math.Min(silence.Ticks / fifth.Ticks, 5);
        if (fifths < 2) return null;
        var rare = suspectAfter * 2 / 3;
        var rarely = silence.Ticks / rare.Ticks;
        return rarely < 2 ? fifth * fifths : rare * rarely;
    }
}
