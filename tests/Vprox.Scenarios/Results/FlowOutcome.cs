using Vprox.Scenarios.Drills;
using Vprox.Scenarios.Flows;

namespace Vprox.Scenarios.Results;

/// <summary>How all flows of a kind came through.</summary>
/// <param name="Total">Flows.</param>
/// <param name="Survived">Those that are still the same connection, without a byte lost, and go on.</param>
/// <param name="LongestGapMs">The longest time since the fault in which a client heard nothing; of a flow that ended, until the end of the run.</param>
public sealed record FlowOutcome(int Total, int Survived, double LongestGapMs)
{
    public static FlowOutcome None { get; } = new(0, 0, 0);

    public static FlowOutcome Of(FlowReport report, FlowKind kind, FaultMoment fault)
    {
        var flows = report.Flows.Where(flow => flow.Kind == kind).ToList();
        return new FlowOutcome(
            flows.Count, flows.Count(Survives), flows.Count == 0 ? 0 : flows.Max(flow => LongestGap(report, flow, fault)));
    }

    public static bool Survives(FlowRecord flow) => flow is { Broken: null, GoesOn: true };

    /// <summary>From one arrival to the next, or to the end, of all gaps that end after the fault.</summary>
    private static double LongestGap(FlowReport report, FlowRecord flow, FaultMoment fault)
    {
        var clock = new ClientClock(report, fault);
        var last = double.NegativeInfinity;
        var longest = 0.0;
        foreach (var time in flow.Times().Select(clock.Ms).Append(clock.End))
        {
            if (time > 0)
                longest = Math.Max(longest, time - Math.Max(last, clock.Begin));
            last = time;
        }
        return longest;
    }
}
