using Vprox.Scenarios.Flows;
using Vprox.Scenarios.Results;
using static Vprox.Scenarios.Tests.Recorded;

namespace Vprox.Scenarios.Tests;

public sealed class StallTests
{
    private const string One = "192.0.2.10";
    private const string Other = "192.0.2.11";

    [Fact]
    public void The_flows_of_an_address_fill_each_others_gaps() =>
        AssertStall(130, Report(300, Flow(One, FlowKind.Echo, -50, 200), Flow(One, FlowKind.Udp, -30, 100, 230)));

    [Fact]
    public void Another_addresss_flows_do_not() =>
        AssertStall(500, Report(500, Flow(One, FlowKind.Echo, -100, 400), Flow(Other, FlowKind.Echo, 0, 150, 300, 450)));

    [Fact]
    public void What_was_over_before_the_fault_does_not_count() =>
        AssertStall(60, Report(80, Flow(One, FlowKind.Echo, -9000, -10, 20, 80)));

    [Fact]
    public void An_address_that_falls_silent_is_silent_until_the_end() => AssertStall(2900, Report(3000, Flow(One, FlowKind.Echo, -50, 100)));

    [Fact]
    public void Without_flows_there_is_none() => AssertStall(0, Report(20));

    private static void AssertStall(double ms, FlowReport report) => Assert.Equal(ms, Stall.LongestOf(report, Fault), 0.1);
}
