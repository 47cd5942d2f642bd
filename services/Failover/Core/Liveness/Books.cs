namespace Vprox.Failover.Core.Liveness;

/// <summary>Comparing what is thought here with what stands in the Allocator's books: after a restart they are all there is.</summary>
internal static class Books
{
    // The books may have been read before our last word reached them.
    private static readonly TimeSpan OnItsWay = TimeSpan.FromSeconds(5);

    /// <summary>Takes over what the Allocator was told, and says again what it seems not to have heard.</summary>
    public static NodeLiveness Compare(NodeLiveness state, Observation.Standings books, TimeSpan now, LivenessPolicy policy)
    {
        foreach (var (nodeId, standing) in books.Nodes)
        {
            if (state.Nodes.TryGetValue(nodeId, out var node)) state = Compare(state, node, standing, books.Asked, now, policy);
        }
        var forgotten = state.Nodes.Values.Where(node => !books.Nodes.ContainsKey(node.NodeId) && node.Heartbeats.Silence(now) >= policy.ForgetAfter);
        return state with { Nodes = state.Nodes.RemoveRange(forgotten.Select(node => node.NodeId).ToList()) };
    }

    private static NodeLiveness Compare(
        NodeLiveness state, ObservedNode node, Standing standing, TimeSpan asked, TimeSpan now, LivenessPolicy policy)
    {
        if (standing.Draining != node.Draining && !(node.DrainTurnedAt > asked - OnItsWay))
            node = node with { Draining = standing.Draining, DrainAsked = standing.Draining, DrainTurnedAt = null };
        if (standing.Unhealthy && node.Health != Health.Unhealthy && !(node.RecoveredAt > asked - OnItsWay))
            return state.With(node with { Health = Health.Unhealthy, DeadSince = now, DeclaredAt = null, WellSince = null, ConfirmedSince = null });
        state = state.With(node);
        var isOwed = state.Owed.Any(owed => owed.Verdict.Node == node.NodeId);
        if (!standing.Unhealthy && node.Health == Health.Unhealthy && !isOwed && !(node.DeclaredAt > asked - OnItsWay))
            return state.Owe(new Verdict.Unhealthy(node.NodeId, Evidence.Of(node, state.Reports, now, policy), node.Heartbeats.Silence(now)), now - policy.OfferAgain);
        return state;
    }
}
