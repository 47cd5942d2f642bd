using System.Collections.Immutable;

namespace Vprox.Failover.Core.Liveness;

/// <summary>Weighs the evidence about nodes and changes the verdicts in force.</summary>
internal static class Judgement
{
    /// <summary>Judges some nodes; the hold looks at all.</summary>
    public static (NodeLiveness, ImmutableList<Verdict>) Of(NodeLiveness state, IEnumerable<string> nodeIds, TimeSpan now, LivenessPolicy policy)
    {
        var verdicts = ImmutableList.CreateBuilder<Verdict>();
        var judged = nodeIds.Where(state.Nodes.ContainsKey).ToList();
        foreach (var nodeId in judged) state = Look(state, state.Nodes[nodeId], verdicts, now, policy);
        if (!state.Held.IsEmpty || state.Nodes.Values.Any(IsToBeDeclared)) state = Declare(state, verdicts, now, policy);
        return (state, verdicts.ToImmutable());
    }

    private static bool IsToBeDeclared(ObservedNode node) => node is { Health: not Health.Unhealthy, ConfirmedSince: not null };

    private static NodeLiveness Look(NodeLiveness state, ObservedNode node, ImmutableList<Verdict>.Builder verdicts, TimeSpan now, LivenessPolicy policy)
    {
        if (node.Health == Health.Unhealthy) return Recover(state, node, verdicts, now, policy);
        if (Confirmation.IsDecided(node, policy)) return Declare(state, node with { Decided = true }, verdicts, now, policy);

        var suspect = Confirmation.IsSuspect(node, state.Reports, now, policy);
        if (suspect && node.Health == Health.Alive)
            verdicts.Add(new Verdict.Suspected(node.NodeId, Evidence.Of(node, state.Reports, now, policy)));
        if (!suspect && node.Health == Health.Suspect)
            verdicts.Add(new Verdict.Cleared(node.NodeId, Evidence.Of(node, state.Reports, now, policy)));
        var confirmed = Confirmation.IsConfirmed(node, state.Reports, now, policy);
        var next = node with
        {
            Health = suspect ? Health.Suspect : Health.Alive,
            ConfirmedSince = confirmed ? node.ConfirmedSince ?? now : null,
        };
        return next == node ? state : state.With(next);
    }

    /// <summary>Declares the nodes that are confirmed dead, or holds.</summary>
    private static NodeLiveness Declare(NodeLiveness state, ImmutableList<Verdict>.Builder verdicts, TimeSpan now, LivenessPolicy policy)
    {
        var (decision, lost, of) = Hold.Decide([.. state.Nodes.Values], state.Held, now, policy);
        var dead = state.Nodes.Values.Where(IsToBeDeclared).ToList();
        if (decision == Hold.Decision.Hold && dead.Count > 0)
        {
            var held = state.Held.Union(dead.Select(node => node.NodeId));
            if (held.Count == state.Held.Count) return state;
            var verdict = new Verdict.Held(held,
            [
                $"{lost} of {of} nodes were lost at once",
                .. dead.Select(node => $"{node.NodeId}: {string.Join(", ", Evidence.Of(node, state.Reports, now, policy))}"),
            ]);
            verdicts.Add(verdict);
            return (state with { Held = held }).Owe(verdict, now);
        }
        if (!state.Held.IsEmpty)
        {
            verdicts.Add(new Verdict.HoldEnded([$"{lost} of {of} nodes are lost"]));
            state = state with { Held = state.Held.Clear(), Owed = state.Owed.RemoveAll(owed => owed.Verdict is Verdict.Held) };
        }
        return decision == Hold.Decision.Wait
            ? state
            : dead.Aggregate(state, (next, node) => Declare(next, node with { Decided = false }, verdicts, now, policy));
    }

    private static NodeLiveness Declare(
        NodeLiveness state, ObservedNode node, ImmutableList<Verdict>.Builder verdicts, TimeSpan now, LivenessPolicy policy)
    {
        var verdict = new Verdict.Unhealthy(node.NodeId, Evidence.Of(node, state.Reports, now, policy), Lasting(node, state.Reports, now, policy));
        verdicts.Add(verdict);
        return state.With(node with
        {
            Health = Health.Unhealthy,
            DeclaredAt = now,
            DeadSince = now,
            WellSince = null,
            ConfirmedSince = null,
            Deaths = [.. node.Deaths.Where(death => now - death < policy.FlapMemory), now],
        }).Owe(verdict, now);
    }

    /// <summary>For how long something has spoken against the node; its last heartbeat is the beginning of its silence.</summary>
    private static TimeSpan Lasting(ObservedNode node, WorkerReports reports, TimeSpan now, LivenessPolicy policy)
    {
        if (Confirmation.IsSilent(node, now, policy)) return node.Heartbeats.Silence(now);
        var complaints = reports.Against(node.NodeId).Select(witness => now - witness.Since);
        return complaints.Append(node.Heartbeats.TroubleFor(now)).Max();
    }

    private static NodeLiveness Recover(
        NodeLiveness state, ObservedNode node, ImmutableList<Verdict>.Builder verdicts, TimeSpan now, LivenessPolicy policy)
    {
        if (!Recovery.IsWell(node, state.Reports, now, policy))
            return node.WellSince is null ? state : state.With(node with { WellSince = null });
        var well = node.WellSince ?? now;
        if (now - well < Recovery.Takes(node, now, policy)) return node.WellSince is null ? state.With(node with { WellSince = well }) : state;
        var verdict = new Verdict.Recovered(node.NodeId, [$"heard without a gap for {(now - well).TotalMilliseconds:0} ms", .. Evidence.Of(node, state.Reports, now, policy)]);
        verdicts.Add(verdict);
        return state.With(node with
        {
            Health = Health.Alive, DeclaredAt = null, DeadSince = null, Decided = false, Failed = null, WellSince = null, RecoveredAt = now,
        }).Owe(verdict, now);
    }
}
