using System.Globalization;
using System.Text;
using Vprox.Scenarios.Results;

namespace Vprox.Scenarios.Running;

/// <summary>One run in one line, and what failed below it.</summary>
internal static class RunLine
{
    public static string Of(RunResult run)
    {
        var text = new StringBuilder(run.Passed ? "passed" : "FAILED");
        foreach (var (name, ms) in run.Steps.Steps)
            if (ms is { } value)
                text.Append(CultureInfo.InvariantCulture, $"  {name.Replace('_', ' ')} {value:0}");
        if (run.Flows > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"  {run.Survivors}/{run.Flows} flows");
            text.Append(CultureInfo.InvariantCulture, $"  gaps {run.Echo.LongestGapMs:0}/{run.Push.LongestGapMs:0}/{run.Udp.LongestGapMs:0}");
        }
        foreach (var (name, value) in run.Figures)
            text.Append(CultureInfo.InvariantCulture, $"  {name} {value:0}");
        foreach (var failure in run.Failures)
            text.AppendLine().Append("    expected: ").Append(failure);
        if (run.Logs is { } logs)
            text.AppendLine().Append("    logs: ").Append(logs);
        return text.ToString();
    }
}
