using System.Collections.Immutable;

namespace Vprox.Failover.Core.Liveness;

/// <summary>
/// All that was observed and the verdicts that follow. <see cref="Observe"/> is the whole of detection: a pure function, so that every
/// order of events can be tried out.
/// </summary>
/// <param name="Nodes">By node id.</param>
/// <param name="Reports">What workers say.</param>
/// <param name="Held">The nodes that are lost at once and therefore not declared dead.</param>
/// <param name="Owed">Verdicts that are not on the bus yet, with when they were last offered.</param>
/// <param name="LastTick">The last tick with a bus.</param>
public sealed record NodeLiveness(
    ImmutableSortedDictionary<string, ObservedNode> Nodes,
    WorkerReports Reports,
    ImmutableSortedSet<string> Held,
    ImmutableList<(Verdict Verdict, TimeSpan Offered)> Owed,
    TimeSpan LastTick)
{
    /// <summary>Nothing is known.</summary>
    public static NodeLiveness Empty { get; } = new(
        ImmutableSortedDictionary<string, ObservedNode>.Empty.WithComparers(StringComparer.Ordinal), WorkerReports.None,
        ImmutableSortedSet<string>.Empty.WithComparer(StringComparer.Ordinal), [], TimeSpan.Zero);

    /// <summary>Takes an observation; returns what is known then and the verdicts to publish.</summary>
    public (NodeLiveness State, ImmutableList<Verdict> Verdicts) Observe(Observation observation, TimeSpan now, LivenessPolicy policy)
    {
        switch (observation)
        {
            case Observation.Known known:
                return (Change(known.NodeId, now, policy, node => node with { InstanceId = known.InstanceId, ProbeTarget = known.ProbeTarget }), []);
            case Observation.Heartbeat beat:
                return Change(beat.NodeId, now, policy, node => node with { Heartbeats = node.Heartbeats.Hear(beat, now) }).Judge([beat.NodeId], now, policy);
            case Observation.Probed probed when Nodes.ContainsKey(probed.NodeId):
                return Change(probed.NodeId, now, policy, node => node with { Probes = node.Probes.Add(probed.Result) }).Judge([probed.NodeId], now, policy);
            case Observation.TunnelsLost lost:
                return (this with { Reports = Reports.Take(lost, now, policy) }).JudgeAll(now, policy);
            case Observation.TunnelsRestored restored:
                return (this with { Reports = Reports.Take(restored, now, policy) }).JudgeAll(now, policy);
            case Observation.Placed placed:
                return (this with { Reports = Reports.Place(placed, now, policy) }, []);
            case Observation.Serving serving:
                return (this with { Reports = Reports.Serve(serving, now, policy) }, []);
            case Observation.InstanceState state:
                return OfInstance(state.InstanceId, node => node with { Instance = node.Instance.Take(state.State, state.At) }, now, policy);
            case Observation.InstanceNotice notice:
                return Drains.Notice(this, notice, now);
            case Observation.DrainAsked asked:
                return Drains.Begin(this, asked.NodeId, asked.Why, asked: true, now);
            case Observation.UncordonAsked asked:
                return (Drains.End(this, asked.NodeId, now), []);
            case Observation.FailAsked asked when Nodes.TryGetValue(asked.NodeId, out var failed):
                return With(failed with { Failed = asked.Why, WellSince = null }).Judge([asked.NodeId], now, policy);
            case Observation.Standings standings:
                return (Books.Compare(this, standings, now, policy), []);
            case Observation.Published published:
                return (this with { Owed = Owed.RemoveAll(owed => ReferenceEquals(owed.Verdict, published.Verdict)) }, []);
            case Observation.TurnTaken:
                // What this replica thought while it kept silent nobody was told; the Allocator's books say what the one before it did.
                var fresh = Withdraw();
                return (fresh with { Owed = fresh.Owed.RemoveAll(owed => owed.Verdict is not Verdict.Draining) }).JudgeAll(now, policy);
            case Observation.Ticked ticked:
                return ticked.Connected ? Tick(now, policy) : (Withdraw(), []);
            default:
                return (this, []);
        }
    }

    /// <summary>Puts a node in the place of what was known of it.</summary>
    internal NodeLiveness With(ObservedNode node) => this with { Nodes = Nodes.SetItem(node.NodeId, node) };

    /// <summary>Offers a verdict; an older one about the same node that is still owed is out of date.</summary>
    internal NodeLiveness Owe(Verdict verdict, TimeSpan now) => this with
    {
        Owed = Owed.RemoveAll(owed => verdict is not Verdict.Draining && owed.Verdict is not Verdict.Draining && owed.Verdict.Node == verdict.Node).Add((verdict, now)),
    };

    private (NodeLiveness, ImmutableList<Verdict>) Tick(TimeSpan now, LivenessPolicy policy)
    {
        var pause = now - LastTick;
        var state = this with { LastTick = now > LastTick ? now : LastTick, Reports = Reports.Expire(now, policy) };
        if (pause > policy.OwnPause) state = state.Forgive(LastTick, pause);
        var (judged, verdicts) = state.JudgeAll(now, policy);
        var again = judged.Owed.Where(owed => now - owed.Offered >= policy.OfferAgain).Select(owed => owed.Verdict).ToImmutableList();
        if (again.IsEmpty) return (judged, verdicts);
        return (judged with { Owed = [.. judged.Owed.Select(owed => again.Contains(owed.Verdict) ? (owed.Verdict, now) : owed)] }, verdicts.AddRange(again));
    }

    /// <summary>Nobody could be heard in a pause of our own: it is taken out of everybody's silence.</summary>
    private NodeLiveness Forgive(TimeSpan since, TimeSpan pause) => this with
    {
        Nodes = Nodes.SetItems(Nodes.Where(pair => pair.Value.Heartbeats.LastHeard <= since)
            .Select(pair => KeyValuePair.Create(pair.Key, pair.Value with { Heartbeats = pair.Value.Heartbeats.Forgive(pause) }))),
    };

    /// <summary>Takes back deaths that nobody was told of, to judge them again by what is known now.</summary>
    private NodeLiveness Withdraw()
    {
        var untold = Owed.Select(owed => owed.Verdict).OfType<Verdict.Unhealthy>().ToList();
        if (untold.Count == 0) return this;
        return this with
        {
            Owed = Owed.RemoveAll(owed => owed.Verdict is Verdict.Unhealthy),
            Nodes = Nodes.SetItems(untold.Where(verdict => Nodes.ContainsKey(verdict.NodeId)).Select(verdict => Nodes[verdict.NodeId]).Select(node =>
                KeyValuePair.Create(node.NodeId, node with
                {
                    Health = Health.Suspect, DeclaredAt = null, DeadSince = null, ConfirmedSince = null, Deaths = node.Deaths.Count == 0 ? [] : node.Deaths.RemoveAt(node.Deaths.Count - 1),
                }))),
        };
    }

    private NodeLiveness Change(string nodeId, TimeSpan now, LivenessPolicy policy, Func<ObservedNode, ObservedNode> change)
    {
        if (!Nodes.TryGetValue(nodeId, out var node))
        {
            if (Nodes.Count >= policy.MostNodes) return this;
            node = new ObservedNode { NodeId = nodeId, Heartbeats = Heartbeats.NoneSince(now) };
        }
        return With(change(node));
    }

    private (NodeLiveness, ImmutableList<Verdict>) OfInstance(
        string instanceId, Func<ObservedNode, ObservedNode> change, TimeSpan now, LivenessPolicy policy)
    {
        var nodes = Nodes.Values.Where(node => node.InstanceId == instanceId).ToList();
        return nodes.Aggregate(this, (state, node) => state.With(change(node))).Judge(nodes.Select(node => node.NodeId), now, policy);
    }

    private (NodeLiveness, ImmutableList<Verdict>) JudgeAll(TimeSpan now, LivenessPolicy policy) => Judge(Nodes.Keys, now, policy);

    private (NodeLiveness, ImmutableList<Verdict>) Judge(IEnumerable<string> nodeIds, TimeSpan now, LivenessPolicy policy) =>
        Judgement.Of(this, nodeIds, now, policy);
}
