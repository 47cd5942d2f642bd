using System.Collections.Immutable;
using Vprox.Failover.Core.Liveness;

namespace Vprox.Failover.Tests.Core.Liveness;

public sealed class GreyFailureTests
{
    [Fact]
    public void Trouble_that_a_node_tells_of_itself_for_2_s_moves_its_addresses()
    {
        var fleet = Settled();
        fleet.Trouble["n1"] = "nft refused the ruleset";

        fleet.Run(1.5);
        Assert.Equal(["n1 Suspected"], fleet.Verdicts);
        fleet.Run(1);

        Assert.Equal(["n1 Suspected", "n1 Unhealthy"], fleet.Verdicts);
        Assert.Contains(fleet.Death("n1").Evidence, sentence => sentence.EndsWith("nft refused the ruleset", StringComparison.Ordinal));
    }

    [Fact]
    public void Trouble_that_passes_moves_nothing()
    {
        var fleet = Settled();
        fleet.Trouble["n1"] = "the interface vp49152 is gone";
        fleet.Run(1.5);

        fleet.Trouble.Clear();
        fleet.Run(10);

        Assert.Equal(["n1 Suspected", "n1 Cleared"], fleet.Verdicts);
    }

    [Fact]
    public void Two_workers_that_lost_a_node_which_answers_no_probe_confirm_it_though_it_beats()
    {
        var fleet = Settled();
        fleet.Answers["n1"] = ProbeOutcome.Unreachable;
        fleet.Run(5);
        Assert.Empty(fleet.Verdicts);

        fleet.Lose("w1", ["a1", "a2"], ["a3"]);
        fleet.Lose("w2", ["a1"], ["a4"]);
        fleet.Run(1);

        Assert.Equal(["n1 Suspected", "n1 Unhealthy"], fleet.Verdicts);
        Assert.Contains(fleet.Death("n1").Evidence, sentence => sentence.EndsWith("w1, w2", StringComparison.Ordinal));
    }

    [Fact]
    public void Against_an_answered_probe_their_word_must_last_2_s()
    {
        var fleet = Settled();
        fleet.Lose("w1", ["a1", "a2"], ["a3"]);
        fleet.Lose("w2", ["a1"], []);

        fleet.Run(1.9);
        Assert.Equal(["n1 Suspected"], fleet.Verdicts);
        fleet.Run(1.5);

        Assert.Equal(["n1 Suspected", "n1 Unhealthy"], fleet.Verdicts);
    }

    [Fact]
    public void A_worker_that_reaches_another_address_of_the_node_or_nothing_at_all_is_no_witness()
    {
        var fleet = Settled();
        fleet.Lose("w1", ["a1"], ["a2"]);
        fleet.Lose("w2", ["a1", "a2", "a3", "a4"], []);
        fleet.Lose("w3", ["a1", "a2", "a3", "a4"], []);

        fleet.Run(9);

        Assert.Empty(fleet.Verdicts);
    }

    [Fact]
    public void A_lone_worker_is_believed_only_if_no_other_is_known_to_reach_the_node_and_its_own_uplink_works()
    {
        var without = Settled();
        without.Lose("w1", ["a1", "a2"], []);
        without.Run(9);
        Assert.DoesNotContain("n1 Unhealthy", without.Verdicts);

        var other = Settled();
        other.Lose("w2", ["a4"], ["a1"]);
        other.Lose("w1", ["a1", "a2"], ["a3"]);
        other.Run(9);
        Assert.DoesNotContain("n1 Unhealthy", other.Verdicts);

        var sound = Settled();
        sound.Lose("w1", ["a1", "a2"], ["a3"]);
        sound.Run(9);
        Assert.Contains("n1 Unhealthy", sound.Verdicts);
    }

    [Fact]
    public void A_lone_worker_is_not_believed_while_another_host_has_tunnels_there_and_does_not_complain()
    {
        var fleet = new Simulation("n1", "n2", "n3", "n4") { Hosts = { ["n1"] = 2 } };
        fleet.Place(("a1", "n1"), ("a2", "n1"), ("a3", "n3"), ("a4", "n4"));
        fleet.Run(6);

        fleet.Lose("w1", ["a1", "a2"], ["a3"]);
        fleet.Run(9);
        Assert.DoesNotContain("n1 Unhealthy", fleet.Verdicts);

        fleet.Lose("w1", ["a1", "a2"], ["a3"]);
        fleet.Lose("w2", ["a1"], ["a3"]);
        fleet.Run(4);
        Assert.Contains("n1 Unhealthy", fleet.Verdicts);
    }

    [Fact]
    public void A_worker_that_had_lost_everything_has_10_s_to_have_it_back_before_it_speaks_against_a_node()
    {
        var fleet = Settled();
        var begun = fleet.Now;
        fleet.Lose("w1", ["a1", "a2", "a3", "a4"], []);
        fleet.Run(5);
        fleet.Restore("w1", "a3");
        for (var i = 0; i < 3; i++)
        {
            fleet.Lose("w1", ["a1", "a2", "a4"], ["a3"]);
            fleet.Run(3);
        }
        Assert.DoesNotContain("n1 Unhealthy", fleet.Verdicts);

        // A node that died meanwhile is spoken against after that.
        for (var i = 0; i < 3; i++)
        {
            fleet.Lose("w1", ["a1", "a2"], ["a3", "a4"]);
            fleet.Run(3);
        }
        Assert.Contains("n1 Unhealthy", fleet.Verdicts);
        Assert.DoesNotContain("n4 Unhealthy", fleet.Verdicts);
        Assert.True(fleet.Now - begun < TimeSpan.FromSeconds(24));
    }

    [Fact]
    public void A_report_that_is_not_said_again_ends_after_10_s()
    {
        var fleet = Settled();
        fleet.Lose("w1", ["a1", "a2"], []);
        fleet.Run(10.1);
        Assert.Equal(["n1 Suspected", "n1 Cleared"], fleet.Verdicts);

        fleet.Lose("w2", ["a1"], ["a3"]);
        fleet.Run(1);
        fleet.Restore("w2", "a1");
        fleet.Run(5);
        Assert.DoesNotContain("n1 Unhealthy", fleet.Verdicts);
    }

    [Fact]
    public void A_worker_with_a_broken_tunnel_does_not_bring_down_one_node_after_the_other()
    {
        var fleet = Settled();
        for (var i = 0; i < 30; i++)
        {
            fleet.Lose("w1", ["a1"], ["a3"]);
            fleet.Lose("w2", ["a1"], ["a3"]);
            fleet.Run(1);
            if (fleet.HealthOf("n1") == Health.Unhealthy && i < 20)
            {
                i = 20;
                fleet.Place(("a1", "n2"), ("a2", "n2"), ("a3", "n3"), ("a4", "n4"));
            }
        }

        Assert.Equal(Health.Alive, fleet.HealthOf("n2"));
        Assert.DoesNotContain("n2 Unhealthy", fleet.Verdicts);
    }

    [Fact]
    public void While_EC2_still_moves_an_address_its_new_node_is_not_accountable_for_it()
    {
        var fleet = Settled();
        fleet.Observe(new Observation.Placed(fleet.State.Reports.Holders.ToDictionary(holder => holder.Key, holder => holder.Key == "a1" ? "n2" : holder.Value.NodeId)
            .ToSorted(), ImmutableDictionary<string, int>.Empty));

        for (var i = 0; i < 30; i++)
        {
            fleet.Lose("w1", ["a1"], ["a3"]);
            fleet.Lose("w2", ["a1"], ["a3"]);
            fleet.Run(1);
        }

        Assert.DoesNotContain("n2 Unhealthy", fleet.Verdicts);
    }

    /// <summary>Four nodes whose addresses have been served for a while: a1 and a2 on n1, a3 on n3, a4 on n4.</summary>
    private static Simulation Settled()
    {
        var fleet = new Simulation("n1", "n2", "n3", "n4");
        fleet.Place(("a1", "n1"), ("a2", "n1"), ("a3", "n3"), ("a4", "n4"));
        fleet.Run(6);
        return fleet;
    }
}
