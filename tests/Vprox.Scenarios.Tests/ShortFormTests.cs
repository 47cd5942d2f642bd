using Vprox.Scenarios.Catalog;
using Vprox.Scenarios.Drills;
using Vprox.Scenarios.Results;
using Vprox.Scenarios.Running;

namespace Vprox.Scenarios.Tests;

/// <summary>
/// A handful of scenarios, once each and with few flows: what must hold is checked, how long it takes is not. Figures are for
/// ./eng/scenarios.sh on a machine that does nothing else.
/// </summary>
public sealed class ShortFormTests(ShortSuite suite) : IClassFixture<ShortSuite>
{
    [Fact]
    public async Task A_dead_hosts_connections_all_go_on_and_every_step_is_seen() =>
        Assert.All((await RunAsync("host-dead")).Steps.Steps, step => Assert.True(step.Ms > 0, $"{step.Name} was not seen"));

    [Fact]
    public async Task A_drained_nodes_connections_all_go_on_and_all_but_suspicion_is_seen()
    {
        var steps = (await RunAsync("drain-operator")).Steps;
        Assert.Null(steps.Suspected);
        Assert.All(steps.Steps.Skip(1), step => Assert.True(step.Ms > 0, $"{step.Name} was not seen"));
    }

    [Theory]
    [InlineData("agent-killed")]
    [InlineData("bus-cut")]
    public async Task What_is_no_death_moves_nothing(string scenario)
    {
        var steps = (await RunAsync(scenario)).Steps;
        Assert.Equal((null, null, null), (steps.Confirmed, steps.Placed, steps.Moved));
    }

    [Fact]
    public async Task A_move_completes_though_failover_is_killed_between_a_call_and_its_answer() =>
        Assert.NotNull((await RunAsync("failover-killed-before-answer")).Steps.Moved);

    private async Task<RunResult> RunAsync(string name)
    {
        var scenario = AllScenarios.All.Single(scenario => scenario.Name == name) with { Flows = FlowCounts.Few, MostGap = null };
        var result = await suite.Runner.RunAsync(scenario, repeat: 1, TestContext.Current.CancellationToken);
        var run = Assert.Single(result.Runs);
        Assert.True(run.Passed, RunLine.Of(run));
        Assert.Equal((FlowCounts.Few.Total, 0L), (run.Survivors, run.WrongSourcePackets));
        return run;
    }
}
