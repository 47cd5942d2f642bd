using Vprox.Lab.Topology;
using Vprox.Scenarios.Catalog;
using Vprox.Scenarios.Drills;
using Vprox.Scenarios.Results;

namespace Vprox.Scenarios.Running;

/// <summary>
/// Runs scenarios one after the other. A lab goes on to the next run when that wants the same one and the run before passed and left all
/// nodes well; otherwise the next run gets a new one.
/// </summary>
public sealed class ScenarioRunner(TextWriter output) : IAsyncDisposable
{
    private static readonly TimeSpan HealthDeadline = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public DrillSettings Settings { get; init; } = new();

    private VproxLab? _lab;
    private BusSpy? _bus;
    private LabOptions? _options;

    /// <summary>Runs a scenario that many times, with a line for each run while it goes.</summary>
    public async Task<ScenarioResult> RunAsync(Scenario scenario, int repeat, CancellationToken cancel)
    {
        var runs = new List<RunResult>();
        if (!scenario.Repeats)
            repeat = 1;
        for (var number = 1; number <= repeat; number++)
        {
            await output.WriteAsync($"{scenario.Name} {number}/{repeat}: ");
            await output.FlushAsync(cancel);
            var result = await RunOnceAsync(scenario, cancel);
            runs.Add(result);
            await output.WriteLineAsync(RunLine.Of(result));
        }
        return new ScenarioResult(scenario.Name, runs);
    }

    public ValueTask DisposeAsync() => EndLabAsync();

    private void Say(string what)
    {
        output.Write($"{Environment.NewLine}  {what}: ");
        output.Flush();
    }

    private async Task<RunResult> RunOnceAsync(Scenario scenario, CancellationToken cancel)
    {
        try
        {
            var (lab, bus) = await LabAsync(scenario.Lab, cancel);
            var result = await new ScenarioRun(lab, bus, scenario, Settings, Say).RunAsync(cancel);
            if (!result.Passed || !scenario.LeavesLabAsItWas || !await IsWellAsync(lab, cancel))
                await EndLabAsync();
            return result;
        }
        catch (Exception failure) when (!cancel.IsCancellationRequested)
        {
            // Whatever broke this run, the others go on.
            var logs = _lab is null ? null : await KeptLogs.KeepAsync(_lab, scenario.Name);
            await EndLabAsync();
            return RunResult.Failed($"{failure.GetType().Name}: {failure.Message}", logs);
        }
    }

    private async Task<(VproxLab Lab, BusSpy Bus)> LabAsync(LabOptions options, CancellationToken cancel)
    {
        if (_lab is not null && _bus is not null && ReferenceEquals(_options, options))
            return (_lab, _bus);
        await EndLabAsync();
        _options = options;
        _lab = await VproxLab.StartAsync(options, cancel);
        _bus = await BusSpy.ConnectAsync(_lab, cancel);
        await SettledMachine.WaitAsync(Patience, cancel);
        return (_lab, _bus);
    }

    /// <summary>Every service is ready, and every node that was declared dead has been declared well since.</summary>
    private async Task<bool> IsWellAsync(VproxLab lab, CancellationToken cancel)
    {
        try
        {
            await lab.AllReadyAsync(cancel).WaitAsync(HealthDeadline, cancel);
            await VproxLab.WaitForAsync("all nodes well", () => Task.FromResult(AreNodesWell() ? lab : null), HealthDeadline, cancel);
            return true;
        }
        catch (Exception unwell) when (unwell is LabException or TimeoutException)
        {
            return false;
        }
    }

    private bool AreNodesWell() => _bus!.Heard
        .Where(message => message.Exchange is "vprox.node-unhealthy" or "vprox.node-recovered")
        .GroupBy(message => message.Text("nodeId")).All(node => node.Last().Exchange == "vprox.node-recovered");

    private async ValueTask EndLabAsync()
    {
        if (_bus is not null)
            await _bus.DisposeAsync();
        if (_lab is not null)
            await _lab.DisposeAsync();
        (_lab, _bus, _options) = (null, null, null);
    }
}
