using System.Net;
using CsCheck;
using Vprox.Addressing;
using Vprox.WorkerAgent.Core;

namespace Vprox.WorkerAgent.Tests.Core;

public sealed class WorkerPlannerTests
{
    [Fact]
    public void What_is_as_desired_is_left_alone() => Generate.Worker.Sample(desired =>
    {
        var kernel = new FakeKernel();
        kernel.Reach(desired);
        Assert.Empty(WorkerPlanner.Plan(desired, kernel.Observed));
    });

    [Fact]
    public void From_any_state_the_plan_reaches_any_other() => Gen.Select(Generate.Worker, Generate.Worker).Sample((first, second) =>
    {
        var kernel = new FakeKernel();
        kernel.Reach(first);
        kernel.Reach(second);
        Assert.Empty(WorkerPlanner.Plan(second, kernel.Observed));
    });

    [Fact]
    public void A_crash_after_any_step_is_healed_by_the_next_round() => Gen.Select(Generate.Worker, Generate.Worker, Gen.Int[0, 30]).Sample((first, second, steps) =>
    {
        var kernel = new FakeKernel();
        kernel.Reach(first);
        kernel.Reach(second, steps);
        kernel.Reach(second);
        Assert.Empty(WorkerPlanner.Plan(second, kernel.Observed));
    });

    [Fact]
    public void No_container_has_a_rule_without_being_held_whatever_the_moment() => Gen.Select(Generate.Worker, Generate.Worker).Sample((first, second) =>
    {
        var kernel = new FakeKernel();
        kernel.Reach(first);
        foreach (var step in WorkerPlanner.Plan(second, kernel.Observed))
        {
            kernel.Apply(step);
            Assert.Empty(kernel.Unguarded());
        }
    });

    [Fact]
    public void The_kill_switch_comes_before_anything_else_and_goes_last()
    {
        var desired = OneContainer();
        Assert.IsType<WorkerStep.ReplaceRuleset>(WorkerPlanner.Plan(desired, ObservedWorker.Nothing)[0]);
        var kernel = new FakeKernel();
        kernel.Reach(desired);
        Assert.IsType<WorkerStep.ReplaceRuleset>(WorkerPlanner.Plan(DesiredWorker.Empty, kernel.Observed)[^1]);
        Assert.IsType<WorkerStep.RemoveRuleset>(WorkerPlanner.Teardown(kernel.Observed)[^1]);
    }

    [Fact]
    public void A_closed_subnets_link_is_closed_to_IPv6_before_any_container_is_known()
    {
        var desired = DesiredWorker.Empty with { Guard = new Guard { Subnets = [Ipv4Prefix.Parse("10.88.0.0/16")] } };
        string Closed(params (string Destination, string Link)[] routes)
        {
            var observed = ObservedWorker.Nothing with { OnLinkRoutes = [.. routes.Select(route => new OnLinkRoute(Ipv4Prefix.Parse(route.Destination), route.Link))] };
            var text = Assert.IsType<WorkerStep.ReplaceRuleset>(WorkerPlanner.Plan(desired, observed)[0]).Ruleset.Text;
            return text.Split('\n').SingleOrDefault(line => line.Contains(" container_links { ", StringComparison.Ordinal) && line.StartsWith("add", StringComparison.Ordinal)) ?? "";
        }

        Assert.EndsWith("{ \"br0\" }", Closed(("10.88.0.0/16", "br0"), ("192.0.2.0/24", "eth0")), StringComparison.Ordinal);
        Assert.EndsWith("{ \"veth1\", \"veth2\" }", Closed(("10.88.0.1/32", "veth1"), ("10.88.7.0/24", "veth2"), ("10.0.0.0/8", "eth0")), StringComparison.Ordinal);
        Assert.EndsWith("{ \"br1\" }", Closed(("10.0.0.0/8", "eth0"), ("10.80.0.0/12", "br1")), StringComparison.Ordinal);
        Assert.Empty(Closed(("192.0.2.0/24", "eth0")));
    }

    [Fact]
    public void Rules_come_after_their_tables_and_the_closing_route_before_the_open_one()
    {
        var steps = WorkerPlanner.Plan(OneContainer(), ObservedWorker.Nothing).ToList();
        var closing = steps.FindIndex(step => step is WorkerStep.AddRoute { Route.Slot: null });
        var open = steps.FindIndex(step => step is WorkerStep.AddRoute { Route: { Slot: 0, Table: 0x5600 } });
        var rule = steps.FindIndex(step => step is WorkerStep.AddRule);
        Assert.True(closing >= 0 && closing < open && open < rule);
    }

    [Fact]
    public void A_rule_that_stands_twice_is_taken_away_once()
    {
        var desired = OneContainer();
        var kernel = new FakeKernel();
        kernel.Reach(desired);
        var rule = kernel.Observed.Rules.Single();
        kernel.Apply(new WorkerStep.AddRule(rule));
        var step = Assert.Single(WorkerPlanner.Plan(desired, kernel.Observed));
        Assert.Equal(new WorkerStep.DeleteRule(rule), step);
    }

    [Fact]
    public void A_running_session_is_not_touched_when_only_containers_change()
    {
        var desired = OneContainer();
        var kernel = new FakeKernel();
        kernel.Reach(desired);
        var more = desired with { Containers = [.. desired.Containers, new DesiredContainer { Ip = IPAddress.Parse("10.88.0.9"), Link = "br0", Tunnel = 0 }] };
        Assert.Collection(
            WorkerPlanner.Plan(more, kernel.Observed),
            step => Assert.IsType<WorkerStep.ReplaceRuleset>(step),
            step => Assert.Equal(new WorkerStep.AddRule(WorkerPlanner.RuleOf(IPAddress.Parse("10.88.0.9"), 0)), step));
    }

    [Fact]
    public void An_interface_made_ahead_stays_as_long_as_its_tunnel_is_asked_for()
    {
        var asking = DesiredWorker.Empty with { Prepared = [0] };
        var kernel = new FakeKernel();
        kernel.Reach(asking);
        kernel.Apply(new WorkerStep.CreateInterface(0));
        Assert.Empty(WorkerPlanner.Plan(asking, kernel.Observed));
        Assert.DoesNotContain(WorkerPlanner.Plan(OneContainer(), kernel.Observed), step => step is WorkerStep.CreateInterface or WorkerStep.DeleteInterface);
        Assert.Equal([new WorkerStep.DeleteInterface(0)], WorkerPlanner.Plan(DesiredWorker.Empty, kernel.Observed));
    }

    [Fact]
    public void An_interface_of_the_slots_last_tunnel_is_not_taken_for_one_made_ahead()
    {
        var kernel = new FakeKernel();
        kernel.Reach(OneContainer());
        Assert.Contains(new WorkerStep.DeleteInterface(0), WorkerPlanner.Plan(DesiredWorker.Empty with { Prepared = [0] }, kernel.Observed));
    }

    [Theory]
    [InlineData("vw0", 0)]
    [InlineData("vw4095", 4095)]
    [InlineData("vw4096", null)]
    [InlineData("vw01", null)]
    [InlineData("vw", null)]
    [InlineData("vwx", null)]
    [InlineData("eth0", null)]
    public void Only_our_names_are_ours(string name, int? slot) => Assert.Equal(slot, TunnelNames.SlotOf(name));

    [Fact]
    public void The_first_slot_that_nobody_has_is_taken() =>
        Assert.Equal(2, TunnelNames.FirstFree(used: new HashSet<int> { 0 }, taken: new HashSet<int> { 1 }));

    internal static DesiredWorker OneContainer() => new()
    {
        Guard = new Guard(),
        Tunnels = [Generate.Tunnel(0).Where(tunnel => tunnel.Blocks.Count == 2).Single()],
        Containers = [new DesiredContainer { Ip = IPAddress.Parse("10.88.0.2"), Link = "br0", Tunnel = 0 }],
    };
}
