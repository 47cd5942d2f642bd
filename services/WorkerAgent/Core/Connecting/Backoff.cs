namespace Vprox.WorkerAgent.Core;

/// <summary>Waits between attempts: doubling, bounded, and spread so that a thousand workers do not come back in one second.</summary>
public static class Backoff
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestOfHandshakes = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    /// <summary>The wait before the next attempt.</summary>
    /// <param name="attempt">Failed attempts so far, 1 or more.</param>
    /// <param name="spread">A random number in 0..1, given by the caller.</param>
    /// <param name="atLeast">What the other side asked for (Retry-After); null when nothing.</param>
    public static TimeSpan Delay(int attempt, double spread, TimeSpan? atLeast = null)
    {
        var doubled = First * Math.Pow(2, Math.Clamp(attempt - 1, 0, 10));
        var bounded = doubled < Longest ? doubled : Longest;
        var wanted = atLeast > bounded ? atLeast.Value : bounded;
        // The other side's time is a minimum; only ours may be shortened.
        return atLeast is null ? wanted * (0.5 + (spread / 2)) : wanted * (1 + (spread / 4));
    }

    /// <summary>The wait before a lost tunnel's next handshake: short, for it costs two packets, and whoever waits for it is dark.</summary>
    /// <param name="attempt">Handshakes begun so far, 1 or more.</param>
    /// <param name="spread">A random number in 0..1, given by the caller.</param>
    public static TimeSpan OfHandshakes(int attempt, double spread)
    {
        var wait = Delay(attempt, spread);
        return wait < LongestOfHandshakes ? wait : LongestOfHandshakes * (0.5 + (spread / 2));
    }
}
