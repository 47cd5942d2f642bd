namespace Vprox.Failover.Core.Liveness;

/// <summary>When an unhealthy node may have addresses again.</summary>
public static class Recovery
{
    /// <summary>Whether nothing speaks against a node any more.</summary>
    public static bool IsWell(ObservedNode node, WorkerReports reports, TimeSpan now, LivenessPolicy policy) =>
        node.Heartbeats.Any
        && !Confirmation.IsSilent(node, now, policy)
        && node.Heartbeats.Trouble is null
        && node.Instance.Gone(policy) is null
        && node.Probes.Latest is null or { Outcome: ProbeOutcome.Answered }
        && reports.Against(node.NodeId).IsEmpty;

    /// <summary>How long it must stay so: the longer, the oftener it has died of late.</summary>
    public static TimeSpan Takes(ObservedNode node, TimeSpan now, LivenessPolicy policy)
    {
        var deaths = node.Deaths.Count(death => now - death < policy.FlapMemory);
        var doubled = policy.RecoverAfter * Math.Pow(2, Math.Clamp(deaths - 1, 0, 20));
        return doubled < policy.LongestRecovery ? doubled : TimeSpan.FromTicks(Math.Max(policy.LongestRecovery.Ticks, policy.RecoverAfter.Ticks));
    }
}
