namespace Vprox.WorkerAgent.Core;

/// <summary>
/// Tells when a look at a tunnel's connections is worth its price: the kernel walks its whole table for one. Between looks new connections are
/// counted, and as none of them may have gone, the count and the last look together are an upper bound.
/// </summary>
public sealed record PortGauge
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan UntilGranted = TimeSpan.FromMilliseconds(300);

    /// <summary>How often a tunnel is looked at that might give something back.</summary>
    private static readonly TimeSpan Calm = TimeSpan.FromSeconds(5);

    // Weighs the last tenth of a second against those before it.
    private const double Weight = 0.4;

    /// <summary>New connections ever, when last read; negative before the first reading.</summary>
    public long Opened { get; init; } = -1;

    /// <summary>When that was.</summary>
    public DateTimeOffset ReadAt { get; init; }

    /// <summary>New connections per second, smoothed.</summary>
    public double Rate { get; init; }

    /// <summary>New connections since the last look.</summary>
    public long SinceLook { get; init; }

    /// <summary>When the last look was; null before the first: what is open already, after a restart or a loss, nobody has counted.</summary>
    public DateTimeOffset? LookedAt { get; init; }

    /// <summary>What it showed.</summary>
    public PortLoad Load { get; init; } = PortLoad.None;

    /// <summary>The gauge after a reading of the counter, which begins at 0 again when its table was made anew.</summary>
    public PortGauge Read(long opened, DateTimeOffset now)
    {
        var elapsed = (now - ReadAt).TotalSeconds;
        if (Opened < 0 || opened < Opened || elapsed <= 0)
            return this with { Opened = opened, ReadAt = now };
        var added = opened - Opened;
        return this with { Opened = opened, ReadAt = now, SinceLook = SinceLook + added, Rate = (Weight * added / elapsed) + ((1 - Weight) * Rate) };
    }

    /// <summary>The gauge after a look.</summary>
    public PortGauge Looked(PortLoad load, DateTimeOffset now) => this with { Load = load, LookedAt = now, SinceLook = 0 };

    /// <summary>True when the tunnel may need blocks soon, or may have some to give back.</summary>
    /// <param name="ports">Its plan.</param>
    /// <param name="openPorts">Ports of the blocks that take new connections.</param>
    /// <param name="blocks">Blocks it has.</param>
    /// <param name="isShort">True while it is said to have too few: when that is over is to be seen.</param>
    /// <param name="policy">The numbers.</param>
    /// <param name="now">The time.</param>
    public bool IsLookDue(TunnelPorts ports, int openPorts, int blocks, bool isShort, PortPolicy policy, DateTimeOffset now)
    {
        if (LookedAt is not { } last)
            return true;
        var since = now - last;
        var bound = Load.Used + SinceLook + (Rate * UntilGranted.TotalSeconds);
        return (since >= BetweenLooks && bound > openPorts * policy.GrowAbove)
            || (since >= Calm && (isShort || blocks > policy.Fewest || ports != TunnelPorts.AsGranted));
    }
}
