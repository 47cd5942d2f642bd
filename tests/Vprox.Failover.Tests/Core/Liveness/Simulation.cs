using System.Collections.Immutable;
using Vprox.Failover.Core.Liveness;

namespace Vprox.Failover.Tests.Core.Liveness;

/// <summary>Nodes that send every 250 ms, probes where the plan has them due, and a clock that is looked at every 25 ms.</summary>
internal sealed class Simulation
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(25);

    private readonly Dictionary<string, long> sequences = [];
    private readonly Dictionary<string, TimeSpan> probed = [];
    private readonly List<(TimeSpan At, Observation Result)> underway = [];

    public Simulation(params string[] nodes)
    {
        foreach (var node in nodes)
        {
            Answers[node] = ProbeOutcome.Answered;
            Beating.Add(node);
            Observe(new Observation.Known(node, $"i-{node}", null));
        }
    }

    public LivenessPolicy Policy { get; init; } = new();

    public NodeLiveness State { get; private set; } = NodeLiveness.Empty;

    public TimeSpan Now { get; private set; }

    public HashSet<string> Beating { get; } = [];

    public Dictionary<string, ProbeOutcome?> Answers { get; } = [];

    public Dictionary<string, string> Trouble { get; } = [];

    public bool Connected { get; set; } = true;

    /// <summary>False keeps what is published from being confirmed, as on a replica that is not active.</summary>
    public bool Publishes { get; set; } = true;

    public List<(TimeSpan At, Verdict Verdict)> Fallen { get; } = [];

    public IEnumerable<string> Verdicts => Fallen.Select(fallen => $"{fallen.Verdict.Node} {fallen.Verdict.GetType().Name}".Trim());

    public Health HealthOf(string node) => State.Nodes[node].Health;

    public Verdict.Unhealthy Death(string node) => Fallen.Select(fallen => fallen.Verdict).OfType<Verdict.Unhealthy>().Last(verdict => verdict.NodeId == node);

    public void Run(double seconds)
    {
        for (var end = Now + TimeSpan.FromSeconds(seconds); Now < end; Now += Step)
        {
            if (Connected && Now.TotalMilliseconds % 250 == 0)
                foreach (var node in Beating.ToList()) Beat(node);
            foreach (var ended in underway.Where(probe => probe.At <= Now).ToList())
            {
                underway.Remove(ended);
                Observe(ended.Result);
            }
            Observe(new Observation.Ticked(Connected));
            if (Connected) Probe();
        }
    }

    /// <summary>How many worker hosts use a node, as far as Failover knows.</summary>
    public Dictionary<string, int> Hosts { get; } = [];

    /// <summary>This process stands still.</summary>
    public void Pause(double seconds) => Now += TimeSpan.FromSeconds(seconds);

    public void Beat(string node) => Observe(new Observation.Heartbeat(
        node, DateTimeOffset.UnixEpoch, sequences[node] = sequences.GetValueOrDefault(node) + 1, Trouble.GetValueOrDefault(node), TimeSpan.Zero));

    /// <summary>All links of a node's host are down.</summary>
    public void Kill(params string[] nodes)
    {
        foreach (var node in nodes)
        {
            Beating.Remove(node);
            Answers[node] = ProbeOutcome.Unreachable;
        }
    }

    public void Revive(string node)
    {
        Beating.Add(node);
        Answers[node] = ProbeOutcome.Answered;
    }

    public void Place(params (string Address, string Node)[] placed)
    {
        Observe(new Observation.Placed(placed.ToImmutableSortedDictionary(each => each.Address, each => each.Node, StringComparer.Ordinal), Hosts.ToImmutableDictionary()));
        foreach (var (address, node) in placed) Observe(new Observation.Serving(address, node));
    }

    public void Lose(string worker, string[] addresses, string[] carrying) => Observe(new Observation.TunnelsLost(
        worker, Set(addresses), Set(carrying), DateTimeOffset.UnixEpoch + Now));

    public void Restore(string worker, params string[] addresses) =>
        Observe(new Observation.TunnelsRestored(worker, Set(addresses), DateTimeOffset.UnixEpoch + Now));

    public void Observe(Observation observation)
    {
        (State, var verdicts) = State.Observe(observation, Now, Policy);
        foreach (var verdict in verdicts)
        {
            Fallen.Add((Now, verdict));
            if (Publishes) Observe(new Observation.Published(verdict));
        }
    }

    private void Probe()
    {
        foreach (var (node, outcome) in Answers)
        {
            TimeSpan? last = probed.TryGetValue(node, out var began) ? began : null;
            if (outcome is not { } result || !ProbePlan.IsDue(State.Nodes[node], !State.Reports.Against(node).IsEmpty, last, Now, Policy)) continue;
            probed[node] = Now;
            var took = result switch { ProbeOutcome.Unreachable => 300, ProbeOutcome.Hung => 1000, _ => 5 };
            underway.Add((Now + TimeSpan.FromMilliseconds(took), new Observation.Probed(node, new ProbeResult(result, Now))));
        }
    }

    private static ImmutableSortedSet<string> Set(IEnumerable<string> addresses) => addresses.ToImmutableSortedSet(StringComparer.Ordinal);
}
