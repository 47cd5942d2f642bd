using Vprox.Scenarios.Drills;
using Vprox.Scenarios.Flows;

namespace Vprox.Scenarios.Results;

/// <summary>
/// How long an address was silent, all of its flows taken together: a single flow is silent for 250 ms by its own pace, and TCP's own timers
/// hold it back longer than the network was away.
/// </summary>
internal static class Stall
{
    /// <returns>ms, of the address that was silent longest since the fault; 0 without flows.</returns>
    public static double LongestOf(FlowReport report, FaultMoment fault)
    {
        var clock = new ClientClock(report, fault);
        return report.Flows.GroupBy(flow => flow.Address).Select(flows => OfAddress(flows, clock)).DefaultIfEmpty(0).Max();
    }

    private static double OfAddress(IEnumerable<FlowRecord> flows, ClientClock clock)
    {
        var last = clock.Begin;
        var longest = 0.0;
        foreach (var time in flows.SelectMany(flow => flow.Times()).Select(clock.Ms).Order().Append(clock.End))
        {
            if (time > 0)
                longest = Math.Max(longest, time - last);
            last = time;
        }
        return longest;
    }
}
