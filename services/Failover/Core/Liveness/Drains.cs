using System.Collections.Immutable;

namespace Vprox.Failover.Core.Liveness;

/// <summary>Beginning to move a living node's addresses away, and ceasing to.</summary>
internal static class Drains
{
    private const int MostNotices = 32;

    /// <summary>EC2 gave notice; each one is acted on once, so that an operator who takes a drain back is not overruled by the next look.</summary>
    public static (NodeLiveness, ImmutableList<Verdict>) Notice(NodeLiveness state, Observation.InstanceNotice notice, TimeSpan now)
    {
        var verdicts = ImmutableList<Verdict>.Empty;
        foreach (var node in state.Nodes.Values.Where(node => node.InstanceId == notice.InstanceId && !node.Notices.Contains(notice.Notice)).ToList())
        {
            if (node.Notices.Count >= MostNotices) continue;
            var (next, begun) = Begin(state.With(node with { Notices = node.Notices.Add(notice.Notice) }), node.NodeId, $"EC2 announced {notice.Notice}", asked: false, now);
            (state, verdicts) = (next, verdicts.AddRange(begun));
        }
        return (state, verdicts);
    }

    /// <summary>Begins, unless the node drains already, is dead, or is not known.</summary>
    public static (NodeLiveness, ImmutableList<Verdict>) Begin(NodeLiveness state, string nodeId, string why, bool asked, TimeSpan now)
    {
        if (state.Nodes.GetValueOrDefault(nodeId) is not { Draining: false, Health: not Health.Unhealthy } node) return (state, []);
        var verdict = new Verdict.Draining(nodeId, [why]);
        return (state.With(node with { Draining = true, DrainAsked = asked, DrainTurnedAt = now }).Owe(verdict, now), [verdict]);
    }

    /// <summary>Ends a drain. The Allocator heard the same word; a drain that it has not been told of must not reach it afterwards.</summary>
    public static NodeLiveness End(NodeLiveness state, string nodeId, TimeSpan now)
    {
        if (state.Nodes.GetValueOrDefault(nodeId) is not { Draining: true } node) return state;
        return state.With(node with { Draining = false, DrainAsked = false, DrainTurnedAt = now }) with
        {
            Owed = state.Owed.RemoveAll(owed => owed.Verdict is Verdict.Draining draining && draining.NodeId == nodeId),
        };
    }
}
