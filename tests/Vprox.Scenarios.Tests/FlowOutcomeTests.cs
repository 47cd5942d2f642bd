using Vprox.Scenarios.Flows;
using Vprox.Scenarios.Results;
using static Vprox.Scenarios.Tests.Recorded;

namespace Vprox.Scenarios.Tests;

public sealed class FlowOutcomeTests
{
    private const string Address = "192.0.2.10";

    [Fact]
    public void A_gap_counts_from_the_last_arrival_before_the_fault() =>
        AssertGap(1250, Report(2000, Flow(Address, FlowKind.Echo, -5000, -50, 1200, 1300, 1950)));

    [Fact]
    public void A_gap_that_ended_before_the_fault_does_not_count() =>
        AssertGap(80, Report(100, Flow(Address, FlowKind.Echo, -9000, -10, 40, 60), Flow(Address, FlowKind.Echo, -20, 60)));

    [Fact]
    public void A_flow_that_falls_silent_is_silent_until_the_end() =>
        AssertGap(2900, Report(3000, Flow(Address, FlowKind.Echo, -50, 100)));

    [Fact]
    public void A_flow_on_which_nothing_ever_came_is_silent_from_the_clients_start() => AssertGap(13_000, Report(3000, Flow(Address, FlowKind.Echo)));

    [Fact]
    public void Only_flows_of_the_kind_that_are_unbroken_and_go_on_survive()
    {
        var flow = Flow(Address, FlowKind.Echo, 10);
        var outcome = FlowOutcome.Of(
            Report(20, flow, flow with { Broken = "ConnectionReset" }, flow with { GoesOn = false }, flow with { Kind = FlowKind.Push }), FlowKind.Echo, Fault);
        Assert.Equal((3, 1), (outcome.Total, outcome.Survived));
    }

    [Fact]
    public void Without_flows_there_is_no_gap() => Assert.Equal(FlowOutcome.None, FlowOutcome.Of(Report(20), FlowKind.Udp, Fault));

    private static void AssertGap(double ms, FlowReport report) => Assert.Equal(ms, FlowOutcome.Of(report, FlowKind.Echo, Fault).LongestGapMs, 0.1);
}
