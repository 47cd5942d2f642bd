namespace Vprox.Lab.Cloud;

/// <summary>A moment on both clocks of the machine.</summary>
/// <param name="Wall">The calendar's.</param>
/// <param name="MonotonicMs">Milliseconds of CLOCK_MONOTONIC, the same for all processes: Stopwatch.GetTimestamp() there, in ms.</param>
public readonly record struct Moment(DateTimeOffset Wall, double MonotonicMs)
{
    public static Moment Now(TimeProvider time) => new(time.GetUtcNow(), time.GetTimestamp() * 1000.0 / time.TimestampFrequency);

    public static TimeSpan operator -(Moment later, Moment earlier) => TimeSpan.FromMilliseconds(later.MonotonicMs - earlier.MonotonicMs);
}
