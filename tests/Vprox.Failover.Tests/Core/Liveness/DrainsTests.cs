using Vprox.Failover.Core.Liveness;

namespace Vprox.Failover.Tests.Core.Liveness;

public sealed class DrainsTests
{
    private readonly Simulation _fleet = new("n1", "n2");

    [Fact]
    public void A_node_whose_drain_was_ended_can_be_drained_again()
    {
        Drain();
        _fleet.Run(1);
        Uncordon();
        Drain();
        _fleet.Run(1);

        Assert.Equal(["n1 Draining", "n1 Draining"], _fleet.Verdicts);
    }

    [Fact]
    public void Books_that_were_read_before_the_end_of_a_drain_do_not_bring_it_back()
    {
        Drain();
        _fleet.Run(1);
        var asked = _fleet.Now;
        Uncordon();
        _fleet.Observe(new Observation.Standings(new Dictionary<string, Standing> { ["n1"] = new(false, true), ["n2"] = new(false, false) }.ToSorted(), asked));

        Assert.False(_fleet.State.Nodes["n1"].Draining);
    }

    [Fact]
    public void A_drain_that_nobody_was_told_of_is_not_told_after_its_end()
    {
        _fleet.Publishes = false;
        Drain();
        Uncordon();

        Assert.Empty(_fleet.State.Owed);
    }

    [Fact]
    public void Ending_what_has_not_begun_changes_nothing()
    {
        var before = _fleet.State;
        Uncordon();
        _fleet.Observe(new Observation.UncordonAsked("n9"));

        Assert.Same(before, _fleet.State);
    }

    private void Drain() => _fleet.Observe(new Observation.DrainAsked("n1", "an operator wants it"));

    private void Uncordon() => _fleet.Observe(new Observation.UncordonAsked("n1"));
}
