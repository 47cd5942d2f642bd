using System.Diagnostics;
using Vprox.Lab.Cloud;

namespace Vprox.Scenarios.Drills;

/// <summary>When the fault struck, by both clocks: messages bear the time of day, arrivals the monotonic clock. All run on one machine.</summary>
public readonly record struct FaultMoment(DateTimeOffset At, long Timestamp)
{
    public static FaultMoment Now() => new(TimeProvider.System.GetUtcNow(), Stopwatch.GetTimestamp());

    /// <summary>Milliseconds from the fault; negative before it.</summary>
    public double Ms(DateTimeOffset time) => (time - At).TotalMilliseconds;

    /// <inheritdoc cref="Ms(DateTimeOffset)"/>
    public double Ms(long timestamp) => (timestamp - Timestamp) * 1000.0 / Stopwatch.Frequency;

    /// <inheritdoc cref="Ms(DateTimeOffset)"/>
    public double Ms(Moment moment) => moment.MonotonicMs - (Timestamp * 1000.0 / Stopwatch.Frequency);
}
