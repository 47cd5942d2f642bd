using System.CommandLine;
using Vprox.Scenarios.Catalog;
using Vprox.Scenarios.Drills;
using Vprox.Scenarios.Flows.Client;
using Vprox.Scenarios.Flows.Server;
using Vprox.Scenarios.Results;
using Vprox.Scenarios.Running;

namespace Vprox.Scenarios;

/// <summary>The suite's program: what a person types, and the flows' two ends, which run as processes of their own.</summary>
public static class CommandLine
{
    private const int ExpectationFailed = 1;
    private const int UsageError = 64;

    public static Task<int> RunAsync(string[] args)
    {
        var plan = new Argument<string>("plan");
        var address = new Argument<string>("address");
        var client = new Command("flow-client", "(the suite's own) the clients' end of all flows") { plan };
        client.SetAction((parsed, cancel) => ClientProgram.RunAsync(parsed.GetRequiredValue(plan), cancel));
        var server = new Command("flow-server", "(the suite's own) the servers' end of all flows") { address };
        server.SetAction((parsed, cancel) => ServerProgram.RunAsync(parsed.GetRequiredValue(address), cancel));

        var repeat = new Option<int>("--repeat") { Description = "runs of each scenario", DefaultValueFactory = _ => 1 };
        var filter = new Option<string?>("--filter") { Description = "comma-separated names; * stands for anything" };
        var minutes = new Option<double>("--minutes") { Description = "length of the scenario soak", DefaultValueFactory = _ => 30 };
        var outage = new Option<double>("--outage") { Description = "seconds that static-stability lasts", DefaultValueFactory = _ => 30 };
        var seed = new Option<int?>("--seed") { Description = "repeats the choices of an earlier soak, which printed it" };
        var json = new Option<FileInfo?>("--json") { Description = "also write the figures to this file" };
        var keepLogs = new Option<bool>("--keep-logs") { Description = "keep the logs of every run, not only of one that failed" };
        var list = new Option<bool>("--list") { Description = "only say which scenarios there are" };
        var root = new RootCommand("Breaks things in the lab and measures how Vprox comes through.")
        {
            repeat, filter, minutes, outage, seed, json, keepLogs, list, client, server,
        };
        root.SetAction(async (parsed, cancel) =>
        {
            var settings = new DrillSettings
            {
                Duration = TimeSpan.FromMinutes(parsed.GetValue(minutes)),
                Outage = TimeSpan.FromSeconds(parsed.GetValue(outage)),
                KeepLogs = parsed.GetValue(keepLogs),
            };
            if (parsed.GetValue(seed) is { } number)
                settings = settings with { Seed = number };
            var onlyList = parsed.GetValue(list);
            var scenarios = parsed.GetValue(filter) is { } names ? AllScenarios.Matching(names) : onlyList ? AllScenarios.All : AllScenarios.Unasked;
            if (scenarios.Count == 0)
            {
                await Console.Error.WriteLineAsync($"no scenario is called {parsed.GetValue(filter)}; --list says which there are");
                return UsageError;
            }
            return onlyList
                ? await ListAsync(scenarios)
                : await RunAsync(scenarios, parsed.GetValue(repeat), settings, parsed.GetValue(json), cancel);
        });
        // Ctrl-C leaves the lab time to end: what it started must not outlive it.
        return root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromMinutes(1) });
    }

    private static async Task<int> ListAsync(IEnumerable<Scenario> scenarios)
    {
        foreach (var scenario in scenarios)
            await Console.Out.WriteLineAsync($"{scenario.Name,-34}{scenario.Shows}");
        return 0;
    }

    private static async Task<int> RunAsync(IEnumerable<Scenario> scenarios, int repeat, DrillSettings settings, FileInfo? json, CancellationToken cancel)
    {
        var results = new List<ScenarioResult>();
        await using (var runner = new ScenarioRunner(Console.Out) { Settings = settings })
            foreach (var scenario in scenarios)
            {
                results.Add(await runner.RunAsync(scenario, repeat, cancel));
                // Each time anew: an interrupted suite leaves the figures it got.
                if (json is not null)
                    await File.WriteAllTextAsync(json.FullName, ResultJson.Text(results), cancel);
            }
        await Console.Out.WriteLineAsync(ResultTable.Text(results));
        return results.All(result => result.Runs.All(run => run.Passed)) ? 0 : ExpectationFailed;
    }
}
