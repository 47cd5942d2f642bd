using System.Collections.Immutable;

namespace Vprox.Failover.Core.Liveness;

/// <summary>
/// What is known of all nodes, from heartbeats alone. A node that was never heard is not in it, so a Failover that has just started
/// declares nobody dead whom it has not heard alive.
/// </summary>
/// <param name="Nodes">By node id.</param>
/// <param name="LastTick">The last look at the clock.</param>
/// <param name="Holding">Too many are silent at once.</param>
public sealed record NodeLiveness(ImmutableSortedDictionary<string, ObservedNode> Nodes, TimeSpan LastTick, bool Holding)
{
    /// <summary>Nothing is known.</summary>
    public static NodeLiveness Empty { get; } = new(ImmutableSortedDictionary<string, ObservedNode>.Empty.WithComparers(StringComparer.Ordinal), TimeSpan.Zero, false);

    /// <summary>A heartbeat was heard.</summary>
    public (NodeLiveness State, IReadOnlyList<Verdict> Verdicts) Heard(string nodeId, TimeSpan now, LivenessPolicy policy)
    {
        if (!Nodes.TryGetValue(nodeId, out var node))
        {
            // The Allocator may have it down as unhealthy since before this process began.
            return (With(nodeId, new ObservedNode(now, now, Health.Alive)), [new Verdict.Recovered(nodeId, "first heartbeat heard by this Failover")]);
        }
        var heard = node with
        {
            LastHeard = Later(node.LastHeard, now),
            SteadySince = now - node.LastHeard >= policy.SuspectAfter ? now : node.SteadySince,
        };
        var steady = heard.LastHeard - heard.SteadySince;
        return heard.Health switch
        {
            Health.Suspect => (With(nodeId, heard with { Health = Health.Alive }), []),
            Health.Unhealthy when steady >= policy.RecoverAfter => (
                With(nodeId, heard with { Health = Health.Alive, DeclaredAt = null }),
                [new Verdict.Recovered(nodeId, $"heard without a gap for {steady.TotalMilliseconds:0} ms")]),
            _ => (With(nodeId, heard), []),
        };
    }

    /// <summary>Time has passed.</summary>
    public (NodeLiveness State, IReadOnlyList<Verdict> Verdicts) Ticked(TimeSpan now, LivenessPolicy policy)
    {
        var pause = now - LastTick;
        var nodes = pause > policy.OwnPause ? Forgive(pause) : Nodes;
        var state = this with { Nodes = nodes, LastTick = Later(LastTick, now) };
        var silent = nodes.Where(pair => pair.Value.Health != Health.Unhealthy && now - pair.Value.LastHeard >= policy.Timeout).Select(pair => pair.Key).ToList();
        var recently = nodes.Values.Count(node => node.DeclaredAt is { } declared && now - declared < policy.AtOnce);
        var lost = silent.Count + recently;
        var hold = silent.Count > 0 && nodes.Count >= policy.HoldFrom && lost > policy.HoldAbove * nodes.Count;

        var verdicts = new List<Verdict>();
        if (hold && !Holding)
            verdicts.Add(new Verdict.Held($"{lost} of {nodes.Count} nodes were lost at once: {string.Join(", ", silent)} silent"));
        var changed = nodes.ToBuilder();
        foreach (var (nodeId, node) in nodes)
        {
            var silence = now - node.LastHeard;
            if (silence >= policy.Timeout && node.Health != Health.Unhealthy && !hold)
            {
                changed[nodeId] = node with { Health = Health.Unhealthy, DeclaredAt = now };
                verdicts.Add(new Verdict.Unhealthy(nodeId, NoHeartbeatFor(silence)));
            }
            else if (silence >= policy.SuspectAfter && node.Health == Health.Alive)
            {
                changed[nodeId] = node with { Health = Health.Suspect };
                verdicts.Add(new Verdict.Suspected(nodeId, NoHeartbeatFor(silence)));
            }
        }
        return (state with { Nodes = changed.ToImmutable(), Holding = hold }, verdicts);
    }

    /// <summary>The verdicts in force that take addresses away, to be said again for whoever missed them.</summary>
    public IReadOnlyList<Verdict.Unhealthy> InForce(TimeSpan now) =>
        [.. Nodes.Where(pair => pair.Value.Health == Health.Unhealthy).Select(pair => new Verdict.Unhealthy(pair.Key, NoHeartbeatFor(now - pair.Value.LastHeard)))];

    private ImmutableSortedDictionary<string, ObservedNode> Forgive(TimeSpan pause) => Nodes.SetItems(Nodes
        .Where(pair => pair.Value.LastHeard <= LastTick)
        .Select(pair => KeyValuePair.Create(pair.Key, pair.Value with { LastHeard = pair.Value.LastHeard + pause, SteadySince = pair.Value.SteadySince + pause })));

    private NodeLiveness With(string nodeId, ObservedNode node) => this with { Nodes = Nodes.SetItem(nodeId, node) };

    private static TimeSpan Later(TimeSpan a, TimeSpan b) => a > b ? a : b;

    private static string NoHeartbeatFor(TimeSpan silence) => $"no heartbeat for {silence.TotalMilliseconds:0} ms";
}
