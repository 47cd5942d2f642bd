using System.Globalization;
using CsCheck;
using Vprox.Failover.Core.Liveness;

namespace Vprox.Failover.Tests.Core;

public sealed class NodeLivenessTests
{
    private static readonly LivenessPolicy Policy = new();

    [Fact]
    public void A_silent_node_is_suspected_and_then_unhealthy_once()
    {
        var fleet = new Simulation();
        fleet.Run(2, "n1", "n2");

        fleet.Run(10, "n2");

        Assert.Equal(["n1 suspected", "n1 unhealthy"], fleet.Verdicts);
        Assert.Equal("no heartbeat for 3050 ms", fleet.State.Nodes["n1"].Health == Health.Unhealthy ? fleet.LastUnhealthy : null);
    }

    [Fact]
    public void A_node_that_was_never_heard_is_not_declared_dead()
    {
        var fleet = new Simulation();

        fleet.Run(60);

        Assert.Empty(fleet.Verdicts);
    }

    [Fact]
    public void A_node_that_misses_a_few_heartbeats_is_only_suspected()
    {
        var fleet = new Simulation();
        fleet.Run(2, "n1");
        fleet.Run(2);

        fleet.Run(2, "n1");

        Assert.Equal(["n1 suspected"], fleet.Verdicts);
        Assert.Equal(Health.Alive, fleet.State.Nodes["n1"].Health);
    }

    [Fact]
    public void A_node_that_comes_back_recovers_only_after_it_was_steady()
    {
        var fleet = new Simulation();
        fleet.Run(1, "n1");
        fleet.Run(5);
        fleet.Run(1, "n1");
        fleet.Run(1.5);
        Assert.Equal(Health.Unhealthy, fleet.State.Nodes["n1"].Health);

        fleet.Run(3, "n1");

        Assert.Equal(["n1 suspected", "n1 unhealthy", "n1 recovered"], fleet.Verdicts);
    }

    [Fact]
    public void More_than_30_percent_of_4_nodes_at_once_are_held()
    {
        var fleet = new Simulation();
        fleet.Run(2, "n1", "n2", "n3", "n4");

        fleet.Run(20, "n3", "n4");

        Assert.Equal(["n1 suspected", "n2 suspected", "held"], fleet.Verdicts);
    }

    [Fact]
    public void Three_nodes_are_too_few_to_hold()
    {
        var fleet = new Simulation();
        fleet.Run(2, "n1", "n2", "n3");

        fleet.Run(5, "n3");

        Assert.Equal(["n1 suspected", "n2 suspected", "n1 unhealthy", "n2 unhealthy"], fleet.Verdicts);
    }

    [Fact]
    public void A_pause_of_our_own_kills_nobody()
    {
        var fleet = new Simulation();
        fleet.Run(2, "n1", "n2");

        fleet.Pause(60);
        fleet.Run(2, "n1", "n2");

        Assert.Empty(fleet.Verdicts);
    }

    [Fact]
    public void A_pause_of_our_own_saves_nobody_who_stays_silent()
    {
        var fleet = new Simulation();
        fleet.Run(2, "n1", "n2");

        fleet.Pause(60);
        fleet.Run(4, "n2");

        Assert.Contains("n1 unhealthy", fleet.Verdicts);
    }

    [Fact]
    public void Whoever_is_heard_in_time_is_never_unhealthy_and_verdicts_alternate() =>
        Gen.Bool.Array[1, 4].Array[1, 120].Sample(beats =>
        {
            var fleet = new Simulation();
            var longestSilence = new Dictionary<string, int>();
            var silence = new Dictionary<string, int>();
            foreach (var beat in beats)
            {
                var heard = beat.Index().Where(pair => pair.Item).Select(pair => pair.Index.ToString(CultureInfo.InvariantCulture)).ToArray();
                foreach (var node in heard) silence[node] = 0;
                fleet.Run(0.25, heard);
                foreach (var node in silence.Keys.ToList())
                    longestSilence[node] = Math.Max(longestSilence.GetValueOrDefault(node), ++silence[node]);
            }
            foreach (var node in silence.Keys)
            {
                var own = fleet.Verdicts.Where(v => v.StartsWith(node + " ", StringComparison.Ordinal) && !v.EndsWith("suspected", StringComparison.Ordinal)).ToList();
                for (var i = 0; i < own.Count; i++) Assert.Equal($"{node} {(i % 2 == 0 ? "unhealthy" : "recovered")}", own[i]);
                if (longestSilence[node] < 12) Assert.Empty(own);
            }
        });

    /// <summary>Nodes that send every 250 ms and a clock that is looked at every 100 ms.</summary>
    private sealed class Simulation
    {
        private int milliseconds;

        public NodeLiveness State { get; private set; } = NodeLiveness.Empty;

        public List<string> Verdicts { get; } = [];

        public string LastUnhealthy { get; private set; } = "";

        public void Run(double seconds, params string[] nodes)
        {
            for (var end = milliseconds + (int)(seconds * 1000); milliseconds < end; milliseconds += 50)
            {
                if (milliseconds % 250 == 0) foreach (var node in nodes) Take(State.Heard(node, Now, Policy));
                if (milliseconds % 100 == 0) Take(State.Ticked(Now, Policy));
            }
        }

        public void Pause(int seconds) => milliseconds += seconds * 1000;

        private TimeSpan Now => TimeSpan.FromMilliseconds(milliseconds);

        private void Take((NodeLiveness State, IReadOnlyList<Verdict> Verdicts) update)
        {
            State = update.State;
            foreach (var verdict in update.Verdicts)
            {
                switch (verdict)
                {
                    case Verdict.Suspected suspected: Verdicts.Add($"{suspected.NodeId} suspected"); break;
                    case Verdict.Unhealthy unhealthy: Verdicts.Add($"{unhealthy.NodeId} unhealthy"); LastUnhealthy = unhealthy.Evidence; break;
                    case Verdict.Recovered { Evidence: not "first heartbeat heard by this Failover" } recovered: Verdicts.Add($"{recovered.NodeId} recovered"); break;
                    case Verdict.Held: Verdicts.Add("held"); break;
                }
            }
        }
    }
}
