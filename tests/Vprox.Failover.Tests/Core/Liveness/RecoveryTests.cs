using Vprox.Failover.Core.Liveness;

namespace Vprox.Failover.Tests.Core.Liveness;

public sealed class RecoveryTests
{
    [Fact]
    public void A_node_recovers_after_it_was_well_for_30_s_and_after_the_next_death_only_after_60()
    {
        var fleet = Dead();
        fleet.Revive("n1");
        fleet.Run(29);
        Assert.Equal(Health.Unhealthy, fleet.HealthOf("n1"));
        fleet.Run(3);
        Assert.Equal(Health.Alive, fleet.HealthOf("n1"));

        fleet.Kill("n1");
        fleet.Run(5);
        fleet.Revive("n1");
        fleet.Run(59);
        Assert.Equal(Health.Unhealthy, fleet.HealthOf("n1"));
        fleet.Run(3);
        Assert.Equal(["n1 Suspected", "n1 Unhealthy", "n1 Recovered", "n1 Suspected", "n1 Unhealthy", "n1 Recovered"], fleet.Verdicts);
    }

    [Fact]
    public void A_node_that_beats_but_answers_no_probe_does_not_recover()
    {
        var fleet = Dead();
        fleet.Beating.Add("n1");

        fleet.Run(120);

        Assert.Equal(Health.Unhealthy, fleet.HealthOf("n1"));
    }

    [Fact]
    public void After_a_restart_the_Allocators_books_say_who_is_dead()
    {
        var fleet = new Simulation("n1", "n2");
        fleet.Observe(new Observation.Standings(new Dictionary<string, Standing> { ["n1"] = new(true, false), ["n2"] = new(false, true) }.ToSorted(), fleet.Now));

        fleet.Run(29);
        Assert.Equal(Health.Unhealthy, fleet.HealthOf("n1"));
        Assert.True(fleet.State.Nodes["n2"].Draining);
        fleet.Run(3);

        Assert.Equal(["n1 Recovered"], fleet.Verdicts);
    }

    [Fact]
    public void What_the_Allocator_seems_not_to_have_heard_is_said_again()
    {
        var fleet = Dead();
        fleet.Run(10);
        fleet.Fallen.Clear();

        fleet.Observe(new Observation.Standings(new Dictionary<string, Standing> { ["n1"] = new(false, false), ["n2"] = new(false, false) }.ToSorted(), fleet.Now));
        fleet.Run(1);

        Assert.Equal(["n1 Unhealthy"], fleet.Verdicts);
    }

    [Fact]
    public void An_instance_that_EC2_says_is_stopped_stays_dead_whatever_it_beats_until_it_runs_again()
    {
        var fleet = new Simulation("n1", "n2");
        fleet.Run(2);
        fleet.Observe(new Observation.InstanceState("i-n1", "stopping", DateTimeOffset.UnixEpoch.AddSeconds(100)));
        fleet.Observe(new Observation.InstanceState("i-n1", "running", DateTimeOffset.UnixEpoch.AddSeconds(101)));
        fleet.Run(120);
        Assert.Equal(["n1 Unhealthy"], fleet.Verdicts);

        fleet.Observe(new Observation.InstanceState("i-n1", "running", DateTimeOffset.UnixEpoch.AddSeconds(140)));
        fleet.Run(31);
        Assert.Equal(Health.Alive, fleet.HealthOf("n1"));
    }

    private static Simulation Dead()
    {
        var fleet = new Simulation("n1", "n2");
        fleet.Run(2);
        fleet.Kill("n1");
        fleet.Run(3);
        Assert.Equal(Health.Unhealthy, fleet.HealthOf("n1"));
        return fleet;
    }
}
