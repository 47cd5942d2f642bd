using System.Diagnostics;
using Vprox.Scenarios.Drills;
using Vprox.Scenarios.Flows;

namespace Vprox.Scenarios.Results;

/// <summary>The flow client's times as milliseconds from the fault.</summary>
internal readonly struct ClientClock(FlowReport report, FaultMoment fault)
{
    /// <summary>When the client started.</summary>
    public double Begin { get; } = fault.Ms(report.Started);

    /// <summary>When it was asked.</summary>
    public double End { get; } = fault.Ms(report.Started) + Stopwatch.GetElapsedTime(report.Started, report.Clock).TotalMilliseconds;

    public double Ms(TimeSpan sinceStart) => Begin + sinceStart.TotalMilliseconds;
}
