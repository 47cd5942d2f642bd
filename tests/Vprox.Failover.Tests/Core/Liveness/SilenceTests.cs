using Vprox.Failover.Core.Liveness;

namespace Vprox.Failover.Tests.Core.Liveness;

public sealed class SilenceTests
{
    [Fact]
    public void A_dead_host_is_suspected_and_confirmed_within_850_ms_of_its_last_heartbeat()
    {
        var fleet = new Simulation("n1", "n2");
        fleet.Run(2.025);
        fleet.Kill("n1");

        fleet.Run(3);

        Assert.Equal(["n1 Suspected", "n1 Unhealthy"], fleet.Verdicts);
        Assert.InRange(fleet.Death("n1").After.TotalMilliseconds, 750, 850);
        Assert.StartsWith("no heartbeat for 7", fleet.Death("n1").Evidence[0]);
        Assert.Contains("found no way to it", fleet.Death("n1").Evidence[1]);
    }

    [Fact]
    public void A_node_that_died_before_we_began_is_found()
    {
        var fleet = new Simulation("n1", "n2");
        fleet.Kill("n1");

        fleet.Run(3);

        Assert.Equal(["n1 Suspected", "n1 Unhealthy"], fleet.Verdicts);
        Assert.Contains("since it is listened for", fleet.Death("n1").Evidence[0]);
    }

    [Fact]
    public void A_silent_node_that_answers_the_probe_is_only_suspected()
    {
        var fleet = new Simulation("n1", "n2");
        fleet.Run(2);
        fleet.Beating.Remove("n1");

        fleet.Run(300);
        Assert.Equal(["n1 Suspected"], fleet.Verdicts);

        fleet.Beating.Add("n1");
        fleet.Run(1);
        Assert.Equal(["n1 Suspected", "n1 Cleared"], fleet.Verdicts);
    }

    [Fact]
    public void A_node_whose_agent_is_dead_has_a_minute_to_start_it_again()
    {
        var fleet = new Simulation("n1", "n2");
        fleet.Run(2);
        fleet.Beating.Remove("n1");
        fleet.Answers["n1"] = ProbeOutcome.Refused;

        fleet.Run(59);
        Assert.Equal(["n1 Suspected"], fleet.Verdicts);

        fleet.Run(3);
        Assert.Equal(["n1 Suspected", "n1 Unhealthy"], fleet.Verdicts);
        Assert.Contains("its host is alive", fleet.Death("n1").Evidence[1]);
    }

    [Fact]
    public void A_frozen_host_of_which_no_worker_complains_takes_connections_and_is_dead_after_15_s()
    {
        var fleet = new Simulation("n1", "n2");
        fleet.Run(2);
        fleet.Beating.Remove("n1");
        fleet.Answers["n1"] = ProbeOutcome.Hung;

        fleet.Run(14);
        Assert.Equal(["n1 Suspected"], fleet.Verdicts);

        fleet.Run(3);
        Assert.Equal(["n1 Suspected", "n1 Unhealthy"], fleet.Verdicts);
    }

    [Fact]
    public void An_agent_that_takes_connections_before_it_answers_is_starting_and_not_dead()
    {
        var fleet = new Simulation("n1", "n2");
        fleet.Run(2);
        fleet.Beating.Remove("n1");
        fleet.Answers["n1"] = ProbeOutcome.Refused;
        fleet.Run(5);
        fleet.Answers["n1"] = ProbeOutcome.Hung;
        fleet.Run(28);

        Assert.Equal(["n1 Suspected"], fleet.Verdicts);

        fleet.Run(4);
        Assert.Equal(["n1 Suspected", "n1 Unhealthy"], fleet.Verdicts);
    }

    [Fact]
    public void So_is_one_that_was_never_heard_for_it_may_have_begun_when_we_did()
    {
        var fleet = new Simulation("n1", "n2");
        fleet.Beating.Remove("n1");
        fleet.Answers["n1"] = ProbeOutcome.Hung;

        fleet.Run(28);
        Assert.DoesNotContain("n1 Unhealthy", fleet.Verdicts);

        fleet.Run(5);
        Assert.Contains("n1 Unhealthy", fleet.Verdicts);
    }

    [Fact]
    public void An_agent_that_had_started_again_and_was_heard_is_dead_15_s_after_it_hangs()
    {
        var fleet = new Simulation("n1", "n2");
        fleet.Run(2);
        fleet.Beating.Remove("n1");
        fleet.Answers["n1"] = ProbeOutcome.Refused;
        fleet.Run(5);
        fleet.Revive("n1");
        fleet.Run(5);
        fleet.Beating.Remove("n1");
        fleet.Answers["n1"] = ProbeOutcome.Hung;

        fleet.Run(14);
        Assert.DoesNotContain("n1 Unhealthy", fleet.Verdicts);

        fleet.Run(3);
        Assert.Contains("n1 Unhealthy", fleet.Verdicts);
    }

    [Fact]
    public void Missing_heartbeats_without_a_probe_confirm_nothing()
    {
        var fleet = new Simulation("n1", "n2");
        fleet.Run(2);
        fleet.Beating.Remove("n1");
        fleet.Answers["n1"] = null;

        fleet.Run(600);

        Assert.Equal(["n1 Suspected"], fleet.Verdicts);
    }

    [Theory]
    [InlineData(0.6)]
    [InlineData(5)]
    [InlineData(3600)]
    public void A_pause_of_our_own_kills_nobody(double seconds)
    {
        var fleet = new Simulation("n1", "n2", "n3", "n4");
        fleet.Run(2);

        fleet.Pause(seconds);
        fleet.Run(2);

        Assert.Empty(fleet.Verdicts);
    }

    [Fact]
    public void A_pause_of_our_own_saves_nobody_who_is_dead()
    {
        var fleet = new Simulation("n1", "n2");
        fleet.Run(2);
        fleet.Kill("n1");

        fleet.Pause(60);
        fleet.Run(2);

        Assert.Equal(["n1 Suspected", "n1 Unhealthy"], fleet.Verdicts);
    }

    [Fact]
    public void While_the_bus_is_away_nobody_is_silent_and_a_verdict_nobody_heard_is_taken_back()
    {
        var fleet = new Simulation("n1", "n2", "n3");
        fleet.Run(2);
        fleet.Publishes = false;
        fleet.Kill("n1", "n2", "n3");
        fleet.Run(1);
        Assert.Equal(3, fleet.Fallen.Count(fallen => fallen.Verdict is Verdict.Unhealthy));

        // It was our own uplink.
        fleet.Connected = false;
        fleet.Run(20);
        Assert.Equal(Health.Suspect, fleet.HealthOf("n1"));
        fleet.Connected = fleet.Publishes = true;
        foreach (var node in (string[])["n1", "n2", "n3"]) fleet.Revive(node);
        fleet.Fallen.Clear();
        fleet.Run(10);

        Assert.Equal(["n1 Cleared", "n2 Cleared", "n3 Cleared"], fleet.Verdicts.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_late_or_doubled_heartbeat_is_no_sign_of_life()
    {
        var fleet = new Simulation("n1", "n2");
        fleet.Run(2);
        var last = fleet.State.Nodes["n1"].Heartbeats;
        fleet.Kill("n1");
        for (var i = 0; i < 20; i++)
        {
            fleet.Run(0.1);
            fleet.Observe(new Observation.Heartbeat("n1", last.StartedAt, last.Sequence - (i % 3), null, TimeSpan.Zero));
            fleet.Observe(new Observation.Heartbeat("n1", last.StartedAt.AddSeconds(-1), last.Sequence + 10, null, TimeSpan.Zero));
            if (fleet.HealthOf("n1") == Health.Unhealthy) break;
        }

        Assert.Equal(["n1 Suspected", "n1 Unhealthy"], fleet.Verdicts);
    }

    [Fact]
    public void An_agent_that_starts_again_with_its_clock_set_back_is_heard()
    {
        var fleet = new Simulation("n1", "n2");
        fleet.Run(2);
        fleet.Beating.Remove("n1");
        fleet.Run(4);

        fleet.Observe(new Observation.Heartbeat("n1", DateTimeOffset.MinValue.AddDays(1), 1, null, TimeSpan.Zero));
        fleet.Run(0.1);

        Assert.Equal(["n1 Suspected", "n1 Cleared"], fleet.Verdicts);
    }
}
