namespace Vprox.WireGuard;

/// <summary>Both backends give a handshake's time as seconds and nanoseconds since 1970, both zero for never.</summary>
internal static class HandshakeTime
{
    /// <summary>9999-12-31T23:59:59Z, the last second that <see cref="DateTimeOffset"/> holds.</summary>
    private const long LastSecond = 253_402_300_799;

    private const long NanosecondsPerTick = 100, NanosecondsPerSecond = 1_000_000_000;

    /// <summary>False when the numbers are no time.</summary>
    public static bool TryFromUnix(long seconds, long nanoseconds, out DateTimeOffset? time)
    {
        time = null;
        if (seconds is < 0 or > LastSecond || nanoseconds is < 0 or >= NanosecondsPerSecond)
            return false;
        if (seconds != 0 || nanoseconds != 0)
            time = DateTimeOffset.FromUnixTimeSeconds(seconds).AddTicks(nanoseconds / NanosecondsPerTick);
        return true;
    }
}
