using System.Text.Json;
using System.Text.Json.Nodes;

namespace Vprox.Scenarios.Results;

/// <summary>The report for programs.</summary>
public static class ResultJson
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static string Text(IEnumerable<ScenarioResult> scenarios) => new JsonObject
    {
        ["scenarios"] = new JsonArray([.. scenarios.Select(Scenario)]),
    }.ToJsonString(Indented);

    private static JsonObject Scenario(ScenarioResult scenario) => new()
    {
        ["name"] = scenario.Name,
        ["runs"] = new JsonArray([.. scenario.Runs.Select(Run)]),
    };

    private static JsonObject Run(RunResult run) => new()
    {
        ["steps_ms"] = new JsonObject(run.Steps.Steps.Select(step => KeyValuePair.Create(step.Name, (JsonNode?)Round(step.Ms)))),
        ["flows"] = new JsonObject { ["echo"] = Flows(run.Echo), ["push"] = Flows(run.Push), ["udp"] = Flows(run.Udp) },
        ["wrong_source_packets"] = run.WrongSourcePackets,
    };

    private static JsonObject Flows(FlowOutcome flows) => new()
    {
        ["total"] = flows.Total,
        ["survived"] = flows.Survived,
        ["longest_gap_ms"] = Round(flows.LongestGapMs),
    };

    private static double? Round(double? ms) => ms is { } value ? Math.Round(value, 1) : null;
}
