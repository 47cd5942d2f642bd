using System.Collections.Immutable;
using CsCheck;
using Vprox.Failover.Core.Liveness;

namespace Vprox.Failover.Tests.Core.Liveness;

/// <summary>What holds for every history. A history is a list of steps of 25 ms, each with what is observed in it.</summary>
public sealed class LivenessLawTests
{
    private static readonly LivenessPolicy Policy = new();
    private static readonly string[] Nodes = ["n1", "n2", "n3", "n4", "n5"];
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(25);
    private static readonly Gen<string> Node = OneOf(Nodes);
    private static readonly Gen<ProbeOutcome> Outcome = Gen.Enum<ProbeOutcome>();

    private static readonly Gen<Func<TimeSpan, long, Observation>> Beat =
        Node.Select(node => (Func<TimeSpan, long, Observation>)((_, number) => new Observation.Heartbeat(node, DateTimeOffset.UnixEpoch, number, null, TimeSpan.Zero)));

    private static readonly Gen<Func<TimeSpan, long, Observation>> OldBeat =
        Node.Select(node => (Func<TimeSpan, long, Observation>)((_, number) => new Observation.Heartbeat(node, DateTimeOffset.UnixEpoch, number / 2, null, TimeSpan.Zero)));

    private static readonly Gen<Func<TimeSpan, long, Observation>> Lost = Gen.Select(OneOf("w1", "w2", "w3"), Gen.Int[0, 31]).Select((worker, which) =>
        (Func<TimeSpan, long, Observation>)((now, _) => new Observation.TunnelsLost(
            worker, Addresses(which), Addresses(31 & ~which), DateTimeOffset.UnixEpoch + now)));

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(index => values[index]);

    private static Gen<Func<TimeSpan, long, Observation>> Probe(Gen<ProbeOutcome> outcome) => Gen.Select(Node, outcome, Gen.Int[0, 40]).Select((node, result, ago) =>
        (Func<TimeSpan, long, Observation>)((now, _) => new Observation.Probed(node, new ProbeResult(result, now - (ago * Step)))));

    private static Gen<List<Func<TimeSpan, long, Observation>?>> Histories(params (int, IGen<Func<TimeSpan, long, Observation>?>)[] kinds) =>
        Gen.Frequency([.. kinds, (3, Gen.Const((Func<TimeSpan, long, Observation>?)null))]).List[1, 400];

    [Fact]
    public void Without_a_probe_a_worker_EC2_or_an_operator_nobody_is_ever_declared_dead() =>
        Histories((2, Beat!), (1, OldBeat!)).Sample(history =>
            Assert.DoesNotContain(Run(history, Nodes).Verdicts, verdict => verdict is Verdict.Unhealthy));

    [Fact]
    public void Silence_with_an_answered_probe_never_moves_anything() =>
        Histories((1, Beat!), (3, Probe(Gen.Const(ProbeOutcome.Answered))!)).Sample(history =>
            Assert.DoesNotContain(Run(history, Nodes).Verdicts, verdict => verdict is Verdict.Unhealthy));

    [Fact]
    public void Every_death_by_silence_has_two_probes_that_were_begun_in_it() =>
        Histories((2, Beat!), (3, Probe(OneOf(ProbeOutcome.Unreachable, ProbeOutcome.Answered))!)).Sample(history =>
        {
            var beats = Nodes.ToDictionary(node => node, _ => TimeSpan.Zero);
            var probes = new List<(string Node, ProbeResult Result)>();
            Run(history, Nodes, (observation, now, verdicts) =>
            {
                if (observation is Observation.Heartbeat beat) beats[beat.NodeId] = now;
                if (observation is Observation.Probed probed) probes.Add((probed.NodeId, probed.Result));
                foreach (var dead in verdicts.OfType<Verdict.Unhealthy>())
                {
                    Assert.True(now - beats[dead.NodeId] >= Policy.SuspectAfter);
                    var since = probes.Where(probe => probe.Node == dead.NodeId && probe.Result.Began > beats[dead.NodeId]).Select(probe => probe.Result).Distinct();
                    Assert.Equal(
                        [ProbeOutcome.Unreachable, ProbeOutcome.Unreachable],
                        since.OrderBy(probe => probe.Began).Select(probe => probe.Outcome).TakeLast(2));
                    Assert.NotEmpty(dead.Evidence);
                }
            });
        });

    [Fact]
    public void However_probes_end_and_whatever_is_doubled_the_judgement_is_that_of_the_order_they_were_begun_in() =>
        Gen.Select(Gen.Select(Outcome, Gen.Int[1, 30]).List[1, 7], Gen.Int[0, 1_000_000]).Sample((probes, seed) =>
        {
            var ordered = probes.DistinctBy(probe => probe.Item2).OrderBy(probe => probe.Item2).Select(probe => new ProbeResult(probe.Item1, Step * probe.Item2)).ToList();
            var random = new Random(seed);
            var shuffled = ordered.Concat(ordered).OrderBy(_ => random.Next()).ToList();

            var expected = ordered.Aggregate(Probes.None, (all, probe) => all.Add(probe)).RunAfter(TimeSpan.Zero);
            Assert.Equal(expected, shuffled.Aggregate(Probes.None, (all, probe) => all.Add(probe)).RunAfter(TimeSpan.Zero));
        });

    [Fact]
    public void An_instance_that_EC2_says_is_going_loses_its_addresses_at_once_whatever_else_is_known() =>
        Gen.Select(Histories((2, Beat!), (3, Probe(Outcome)!), (1, Lost!)), Node, OneOf("stopping", "stopped", "shutting-down", "terminated")).Sample((history, node, state) =>
        {
            var (before, fallen, now) = Run(history, Nodes);
            var (after, verdicts) = before.Observe(new Observation.InstanceState($"i-{node}", state, DateTimeOffset.UnixEpoch), now, Policy);

            Assert.Equal(Health.Unhealthy, after.Nodes[node].Health);
            Assert.True(before.Nodes[node].Health == Health.Unhealthy || verdicts.OfType<Verdict.Unhealthy>().Any(verdict => verdict.NodeId == node));
        });

    [Fact]
    public void Of_four_or_more_nodes_never_more_than_30_percent_are_moved_within_10_s_by_what_was_observed() =>
        Gen.Select(Histories((4, Beat!), (6, Probe(Outcome)!), (2, Lost!)), Gen.Int[4, 5]).Sample((history, count) =>
        {
            var deaths = new List<TimeSpan>();
            Run(history, Nodes[..count], (_, now, verdicts) => deaths.AddRange(verdicts.OfType<Verdict.Unhealthy>().Select(_ => now)));

            Assert.All(deaths, death => Assert.True(deaths.Count(other => other >= death && other - death < Policy.AtOnce) <= Policy.HoldAbove * count));
        });

    [Fact]
    public void A_node_never_recovers_before_it_was_heard_without_a_gap_for_30_s() =>
        Gen.Int[1, 45].List[1, 6].Sample(gaps =>
        {
            var fleet = new Simulation("n1", "n2", "n3", "n4");
            fleet.Run(1);
            fleet.Kill("n1");
            fleet.Run(2);
            foreach (var stable in gaps)
            {
                fleet.Revive("n1");
                fleet.Run(stable);
                var recovered = fleet.Fallen.Any(fallen => fallen.Verdict is Verdict.Recovered);
                Assert.True(!recovered || gaps.TakeWhile(gap => gap < 30).Count() < gaps.Count);
                if (recovered) return;
                fleet.Kill("n1");
                fleet.Run(1.5);
            }
        }, iter: 50);

    [Fact]
    public void Deaths_and_recoveries_of_a_node_take_turns() =>
        Histories((6, Beat!), (6, Probe(Outcome)!), (2, Lost!)).Sample(history =>
        {
            var all = Run(history, Nodes, policy: Policy with { RecoverAfter = TimeSpan.FromMilliseconds(500) }).Verdicts;
            foreach (var node in Nodes)
            {
                var own = all.Where(verdict => verdict.Node == node && (verdict is Verdict.Unhealthy or Verdict.Recovered)).ToList();
                Assert.All(own.Index(), each => Assert.Equal(each.Index % 2 == 0 ? typeof(Verdict.Unhealthy) : typeof(Verdict.Recovered), each.Item.GetType()));
            }
        });

    private static (NodeLiveness State, List<Verdict> Verdicts, TimeSpan Now) Run(
        List<Func<TimeSpan, long, Observation>?> history, string[] nodes, Action<Observation, TimeSpan, ImmutableList<Verdict>>? after = null, LivenessPolicy? policy = null)
    {
        policy ??= Policy;
        var state = NodeLiveness.Empty;
        var (now, number) = (TimeSpan.Zero, 2L);
        var fallen = new List<Verdict>();
        foreach (var node in Nodes) Observe(new Observation.Known(node, $"i-{node}", null));
        if (nodes.Length < Nodes.Length) state = state with { Nodes = state.Nodes.RemoveRange(Nodes.Except(nodes)) };
        Observe(new Observation.Placed(nodes.Select((node, index) => KeyValuePair.Create($"a{index}", node)).ToSorted(), ImmutableDictionary<string, int>.Empty));
        foreach (var observed in history)
        {
            now += Step;
            if (observed?.Invoke(now, number++) is { } observation && IsAbout(observation, nodes)) Observe(observation);
            Observe(new Observation.Ticked(true));
        }
        return (state, fallen, now);

        void Observe(Observation observation)
        {
            (state, var verdicts) = state.Observe(observation, now, policy);
            fallen.AddRange(verdicts);
            after?.Invoke(observation, now, verdicts);
            foreach (var verdict in verdicts) (state, _) = state.Observe(new Observation.Published(verdict), now, policy);
        }
    }

    private static bool IsAbout(Observation observation, string[] nodes) => observation switch
    {
        Observation.Heartbeat beat => nodes.Contains(beat.NodeId),
        Observation.Probed probed => nodes.Contains(probed.NodeId),
        _ => true,
    };

    private static ImmutableSortedSet<string> Addresses(int which) =>
        Enumerable.Range(0, 5).Where(k => (which & (1 << k)) != 0).Select(k => $"a{k}").ToImmutableSortedSet(StringComparer.Ordinal);
}
