namespace Vprox.Failover.Core.Liveness;

/// <summary>Whether the evidence is enough to take a node's addresses away.</summary>
public static class Confirmation
{
    /// <summary>How old the probe of a node that is heard may be: it is probed every second while somebody complains of it.</summary>
    public static readonly TimeSpan Fresh = TimeSpan.FromSeconds(3);

    /// <summary>Whether anything speaks against the node.</summary>
    public static bool IsSuspect(ObservedNode node, WorkerReports reports, TimeSpan now, LivenessPolicy policy) =>
        IsSilent(node, now, policy) || node.Heartbeats.Trouble is not null || IsDecided(node, policy) || !reports.Against(node.NodeId).IsEmpty;

    /// <summary>Whether EC2 or an operator has decided: then nothing else is asked, and nothing is held.</summary>
    public static bool IsDecided(ObservedNode node, LivenessPolicy policy) => node.Failed is not null || node.Instance.Gone(policy) is not null;

    /// <summary>Whether what was observed confirms that the node is dead, or no longer carries traffic.</summary>
    public static bool IsConfirmed(ObservedNode node, WorkerReports reports, TimeSpan now, LivenessPolicy policy) =>
        (IsSilent(node, now, policy) && ProbesConfirm(node, reports, now, policy))
        || node.Heartbeats.TroubleFor(now) > policy.GreyAfter
        || WorkersConfirm(node, reports, now, policy);

    /// <summary>Whether heartbeats are missing.</summary>
    public static bool IsSilent(ObservedNode node, TimeSpan now, LivenessPolicy policy) => node.Heartbeats.Silence(now) >= policy.SuspectAfter;

    // Silence alone is a cut of the bus as well as a dead node. Only probes begun since the last heartbeat tell.
    private static bool ProbesConfirm(ObservedNode node, WorkerReports reports, TimeSpan now, LivenessPolicy policy)
    {
        if (node.Probes.RunAfter(node.Heartbeats.LastHeard) is not { } run) return false;
        return run.Outcome switch
        {
            ProbeOutcome.Unreachable => run.Count >= 2,
            ProbeOutcome.Refused => now - run.Since >= policy.AgentGrace,
            ProbeOutcome.Hung => (run.Count >= 2 && now - run.Since >= (IsStarting(node) ? policy.AgentStarts : policy.HungAfter)) || reports.Against(node.NodeId).Count >= policy.Witnesses,
            _ => false,
        };
    }

    // An agent takes connections a while before it answers. One that refused them before is starting again; of one that this process never heard it is not known.
    private static bool IsStarting(ObservedNode node) => !node.Heartbeats.Any || node.Probes.LastRefused > node.Heartbeats.LastHeard;

    private static bool WorkersConfirm(ObservedNode node, WorkerReports reports, TimeSpan now, LivenessPolicy policy)
    {
        var witnesses = reports.Against(node.NodeId);
        if (witnesses.IsEmpty) return false;
        var enough = witnesses.Count >= policy.Witnesses;
        // The only worker known to use the node may speak alone.
        if (!enough && reports.IsUsedByOthers(node.NodeId)) return false;
        // The probe tells whether it is the node or the way between the two. Until one was begun after the complaint, nothing is known.
        if (node.Probes.Latest is not { } probe || probe.Began < now - Fresh || probe.Began < witnesses.Min(witness => witness.Since)) return false;
        if (probe.Outcome != ProbeOutcome.Answered) return true;
        return (enough || witnesses.All(witness => witness.Sound)) && now - witnesses.Max(witness => witness.Since) > policy.GreyAfter;
    }
}
