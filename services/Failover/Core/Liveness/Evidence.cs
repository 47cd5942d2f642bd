using System.Collections.Immutable;
using System.Globalization;

namespace Vprox.Failover.Core.Liveness;

/// <summary>All that speaks for or against a node, a sentence each, as people read it in logs and messages.</summary>
public static class Evidence
{
    /// <summary>The sentences; also what speaks for the node is said.</summary>
    public static ImmutableList<string> Of(ObservedNode node, WorkerReports reports, TimeSpan now, LivenessPolicy policy) =>
    [
        .. OfHeartbeats(node.Heartbeats, now, policy),
        .. OfProbes(node, now),
        .. OfWorkers(reports.Against(node.NodeId), now),
        .. node.Instance.Gone(policy) is { } gone ? [$"EC2 says {gone}"] : Enumerable.Empty<string>(),
        .. node.Failed is { } why ? [why] : Enumerable.Empty<string>(),
    ];

    private static IEnumerable<string> OfHeartbeats(Heartbeats heartbeats, TimeSpan now, LivenessPolicy policy)
    {
        var silence = heartbeats.Silence(now);
        if (!heartbeats.Any) yield return $"no heartbeat in the {Milliseconds(silence)} since it is listened for";
        else if (silence >= policy.SuspectAfter) yield return $"no heartbeat for {Milliseconds(silence)}";
        else yield return $"heartbeat {heartbeats.Sequence} came {Milliseconds(silence)} ago";
        if (heartbeats.Trouble is { } trouble) yield return $"the node itself reports trouble for {Milliseconds(heartbeats.TroubleFor(now))}: {trouble}";
    }

    private static IEnumerable<string> OfProbes(ObservedNode node, TimeSpan now)
    {
        if (node.Probes.RunAfter(Earliest(node, now)) is not { } run) yield break;
        yield return run.Outcome switch
        {
            ProbeOutcome.Answered => $"it answered a probe {Milliseconds(now - node.Probes.Latest!.Began)} ago",
            ProbeOutcome.Refused => $"it has refused probes for {Milliseconds(now - run.Since)}: its host is alive",
            ProbeOutcome.Hung => $"it has taken probes for {Milliseconds(now - run.Since)} and answered none",
            _ => $"{Count(run.Count, "probe")} in the last {Milliseconds(now - run.Since)} found no way to it",
        };
    }

    // While it is silent, what was before its last heartbeat is of no account; otherwise the last few seconds are.
    private static TimeSpan Earliest(ObservedNode node, TimeSpan now) =>
        node.Heartbeats.LastHeard < now - Confirmation.Fresh ? node.Heartbeats.LastHeard : now - Confirmation.Fresh;

    private static IEnumerable<string> OfWorkers(ImmutableList<Witness> witnesses, TimeSpan now) => witnesses.IsEmpty
        ? []
        : [$"{Count(witnesses.Count, "worker")} lost all tunnels to it, for {Milliseconds(now - witnesses.Max(witness => witness.Since))}: "
            + string.Join(", ", witnesses.Take(10).Select(witness => witness.WorkerId))];

    private static string Count(int count, string what) => $"{count} {what}{(count == 1 ? "" : "s")}";

    private static string Milliseconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:0} ms");
}
