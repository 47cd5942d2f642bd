namespace Vprox.Failover.Core.Calls;

/// <summary>How long to wait before a refused call is made again.</summary>
public static class Backoff
{
    private static readonly TimeSpan NotFoundEvery = TimeSpan.FromMilliseconds(250);

    // "NotFound right after a write clears in about 2 s": so many times the wait above.
    private const int NotFoundTimes = 8;

    /// <param name="why">What the refusal means.</param>
    /// <param name="failures">Refusals in a row, this one included.</param>
    /// <param name="jitter">0..1, so that many addresses do not come back at the same moment.</param>
    public static TimeSpan After(Refusal why, int failures, double jitter) => why switch
    {
        Refusal.Throttled => Grow(TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(5), failures, jitter),
        Refusal.Unavailable => Grow(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(2), failures, jitter),
        Refusal.NotFound when failures <= NotFoundTimes => NotFoundEvery,
        Refusal.NotFound => Grow(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(30), failures - NotFoundTimes, jitter),
        _ => Grow(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30), failures, jitter),
    };

    // Between half and all of the doubled wait ("equal jitter", AWS Architecture Blog, Exponential Backoff And Jitter).
    private static TimeSpan Grow(TimeSpan first, TimeSpan most, int failures, double jitter)
    {
        var doubled = first * Math.Pow(2, Math.Clamp(failures - 1, 0, 16));
        var wait = doubled < most ? doubled : most;
        return wait * (0.5 + (Math.Clamp(jitter, 0, 1) / 2));
    }
}
