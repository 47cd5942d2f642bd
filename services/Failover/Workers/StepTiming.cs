using Vprox.Failover.Core.Moves;

namespace Vprox.Failover.Workers;

/// <summary>How long the kinds of steps of one pass took, under the names that IpReassigned has for them.</summary>
internal sealed class StepTiming
{
    private readonly Dictionary<string, double> steps = [];

    public IReadOnlyDictionary<string, double> StepsMs => steps;

    public double TotalMs => steps.Values.Sum();

    public async Task MeasureAsync(Type kind, TimeProvider time, Func<Task> work)
    {
        var started = time.GetTimestamp();
        await work();
        Took(Name(kind), time.GetElapsedTime(started));
    }

    public void Took(string name, TimeSpan duration) => steps[name] = Math.Round(duration.TotalMilliseconds, 1);

    private static string Name(Type kind) =>
        kind == typeof(MoveStep.Assign) ? "assign"
        : kind == typeof(MoveStep.Associate) ? "associate"
        : kind == typeof(MoveStep.Disassociate) ? "disassociate"
        : "unassign";
}
