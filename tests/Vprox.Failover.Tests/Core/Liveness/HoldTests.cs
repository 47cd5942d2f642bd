using Vprox.Failover.Core.Liveness;

namespace Vprox.Failover.Tests.Core.Liveness;

public sealed class HoldTests
{
    [Fact]
    public void Four_of_six_nodes_at_once_are_held_and_none_is_moved()
    {
        var fleet = Six();
        fleet.Kill("n1", "n2", "n3", "n4");

        fleet.Run(60);

        Assert.DoesNotContain(fleet.Fallen, fallen => fallen.Verdict is Verdict.Unhealthy);
        var held = fleet.Fallen.Select(fallen => fallen.Verdict).OfType<Verdict.Held>().Last();
        Assert.Equal(["n1", "n2", "n3", "n4"], held.NodeIds);
        Assert.Equal("4 of 6 nodes were lost at once", held.Evidence[0]);
    }

    [Fact]
    public void Nodes_that_die_together_but_were_last_heard_apart_are_held_all()
    {
        var fleet = new Simulation("n1", "n2", "n3", "n4", "n5", "n6");
        fleet.Run(2);
        foreach (var node in (string[])["n1", "n2", "n3", "n4"])
        {
            fleet.Kill(node);
            fleet.Run(0.075);
        }

        fleet.Run(10);

        Assert.DoesNotContain(fleet.Fallen, fallen => fallen.Verdict is Verdict.Unhealthy);
    }

    [Fact]
    public void One_of_six_is_moved_though_others_were_moved_long_ago()
    {
        var fleet = Six();
        foreach (var node in (string[])["n1", "n2", "n3"])
        {
            fleet.Kill(node);
            fleet.Run(20);
        }

        Assert.Equal(["n1", "n2", "n3"], fleet.Fallen.Select(fallen => fallen.Verdict).OfType<Verdict.Unhealthy>().Select(verdict => verdict.NodeId));
    }

    [Fact]
    public void EC2_and_operators_decide_about_held_nodes_one_by_one()
    {
        var fleet = Six();
        fleet.Kill("n1", "n2", "n3", "n4");
        fleet.Run(5);

        fleet.Observe(new Observation.FailAsked("n1", "an operator declared it dead: power is off"));
        fleet.Observe(new Observation.InstanceState("i-n2", "stopped", DateTimeOffset.UnixEpoch));
        fleet.Run(30);

        Assert.Equal(["n1", "n2"], fleet.Fallen.Select(fallen => fallen.Verdict).OfType<Verdict.Unhealthy>().Select(verdict => verdict.NodeId));
        Assert.Contains("an operator declared it dead: power is off", fleet.Death("n1").Evidence);
        Assert.Contains("EC2 says stopped", fleet.Death("n2").Evidence);
    }

    [Fact]
    public void When_enough_are_back_the_rest_is_judged_again()
    {
        var fleet = Six();
        fleet.Kill("n1", "n2", "n3", "n4");
        fleet.Run(5);

        foreach (var node in (string[])["n2", "n3", "n4"]) fleet.Revive(node);
        fleet.Run(5);

        Assert.Equal(["n1"], fleet.Fallen.Select(fallen => fallen.Verdict).OfType<Verdict.Unhealthy>().Select(verdict => verdict.NodeId));
        Assert.Empty(fleet.State.Held);
    }

    [Fact]
    public void Three_nodes_are_too_few_to_hold()
    {
        var fleet = new Simulation("n1", "n2", "n3");
        fleet.Run(2);
        fleet.Kill("n1", "n2");

        fleet.Run(5);

        Assert.Equal(2, fleet.Fallen.Count(fallen => fallen.Verdict is Verdict.Unhealthy));
    }

    private static Simulation Six()
    {
        var fleet = new Simulation("n1", "n2", "n3", "n4", "n5", "n6");
        fleet.Run(2);
        return fleet;
    }
}
