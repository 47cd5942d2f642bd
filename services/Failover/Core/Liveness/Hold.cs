using System.Collections.Immutable;

namespace Vprox.Failover.Core.Liveness;

/// <summary>
/// When more of the nodes are lost at once than ever die together, the fault is likelier ours: nothing is moved until an operator or EC2
/// decides about each, or so many are back that the rest may be judged again.
/// </summary>
public static class Hold
{
    /// <summary>What to do with a node that is confirmed dead.</summary>
    public enum Decision
    {
        /// <summary>Declare it.</summary>
        Go,

        /// <summary>Look again in a moment: others miss heartbeats too.</summary>
        Wait,

        /// <summary>Declare nobody.</summary>
        Hold,
    }

    /// <summary>Decides, from the nodes and the ones held so far.</summary>
    /// <param name="nodes">All nodes.</param>
    /// <param name="held">Those held so far: they count as lost until they are alive again, also when an operator has decided about them.</param>
    /// <param name="now">The time.</param>
    /// <param name="policy">The limits.</param>
    public static (Decision Decision, int Lost, int Of) Decide(
        IReadOnlyCollection<ObservedNode> nodes, ImmutableSortedSet<string> held, TimeSpan now, LivenessPolicy policy)
    {
        var confirmed = nodes.Where(node => node.Health != Health.Unhealthy && node.ConfirmedSince is not null).ToList();
        var lost = confirmed.Count + nodes.Count(node => node.Health == Health.Unhealthy && CountsAsLost(node, held, now, policy));
        var of = nodes.Count(node => node.Health != Health.Unhealthy || CountsAsLost(node, held, now, policy));
        if (of < policy.HoldFrom) return (Decision.Go, lost, of);
        if (lost > policy.HoldAbove * of) return (Decision.Hold, lost, of);
        var missing = nodes.Count(node => node.Health != Health.Unhealthy && node.ConfirmedSince is null && IsMissing(node, now, policy));
        var waited = confirmed.Count == 0 ? TimeSpan.Zero : now - confirmed.Min(node => node.ConfirmedSince!.Value);
        return (lost + missing > policy.HoldAbove * of && waited < policy.HoldGrace ? Decision.Wait : Decision.Go, lost, of);
    }

    private static bool CountsAsLost(ObservedNode node, ImmutableSortedSet<string> held, TimeSpan now, LivenessPolicy policy) =>
        held.Contains(node.NodeId) || (!node.Decided && node.DeclaredAt is { } declared && now - declared < policy.AtOnce);

    // Two heartbeats missed and nobody there: it may be the next one to be confirmed.
    private static bool IsMissing(ObservedNode node, TimeSpan now, LivenessPolicy policy) =>
        node.Heartbeats.Silence(now) >= policy.SuspectAfter * 2 / 3
        && node.Probes.RunAfter(node.Heartbeats.LastHeard) is null or { Outcome: ProbeOutcome.Unreachable };
}
