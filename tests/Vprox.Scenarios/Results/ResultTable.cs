using System.Globalization;
using System.Text;

namespace Vprox.Scenarios.Results;

/// <summary>The report for people: a line per figure, with median, 99th percentile and maximum over the runs.</summary>
public static class ResultTable
{
    private const int NameWidth = 34;

    public static string Text(IEnumerable<ScenarioResult> scenarios)
    {
        var text = new StringBuilder();
        foreach (var scenario in scenarios)
        {
            var passed = scenario.Runs.Count(run => run.Passed);
            text.AppendLine(CultureInfo.InvariantCulture, $"\n{scenario.Name}: {passed} of {scenario.Runs.Count} runs passed");
            text.AppendLine(CultureInfo.InvariantCulture, $"  {"",-NameWidth}{"median",10}{"p99",10}{"max",10}");
            foreach (var (name, values) in Figures(scenario.Runs))
                if (Distribution.Of(values) is { } figure)
                    text.AppendLine(CultureInfo.InvariantCulture, $"  {name,-NameWidth}{figure.Median,10:0}{figure.P99,10:0}{figure.Max,10:0}");
            if (scenario.Runs.Sum(run => run.Flows) is > 0 and var flows)
                text.AppendLine(CultureInfo.InvariantCulture, $"  {"flows that survived",-NameWidth}{scenario.Runs.Sum(run => run.Survivors)} of {flows}");
            text.AppendLine(CultureInfo.InvariantCulture, $"  {"packets with a wrong source",-NameWidth}{scenario.Runs.Sum(run => run.WrongSourcePackets)}");
        }
        return text.ToString();
    }

    private static IEnumerable<(string Name, IEnumerable<double> Values)> Figures(IReadOnlyList<RunResult> runs)
    {
        foreach (var step in new Timeline().Steps.Select(step => step.Name))
            yield return ($"fault → {step.Replace('_', ' ')} (ms)", runs.Select(run => run.Steps.Steps.Single(each => each.Name == step).Ms).OfType<double>());
        yield return ("longest gap, echo (ms)", Gaps(runs.Select(run => run.Echo)));
        yield return ("longest gap, push (ms)", Gaps(runs.Select(run => run.Push)));
        yield return ("longest gap, UDP (ms)", Gaps(runs.Select(run => run.Udp)));
        foreach (var name in runs.SelectMany(run => run.Figures.Keys).Distinct())
            yield return (name, runs.Where(run => run.Figures.ContainsKey(name)).Select(run => run.Figures[name]));
    }

    private static IEnumerable<double> Gaps(IEnumerable<FlowOutcome> outcomes) =>
        outcomes.Where(outcome => outcome.Total > 0).Select(outcome => outcome.LongestGapMs);
}
