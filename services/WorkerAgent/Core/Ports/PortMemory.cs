using System.Collections.Immutable;
using System.Net;

namespace Vprox.WorkerAgent.Core;

/// <summary>What <see cref="PortPlanner"/> remembers of a tunnel from one look to the next. A restarted agent begins anew, which only delays a return.</summary>
public sealed record PortMemory
{
    /// <summary>Nothing was seen yet.</summary>
    public static PortMemory Empty { get; } = new();

    /// <summary>The largest need of the last while.</summary>
    public int Peak { get; init; }

    /// <summary>When it was.</summary>
    public DateTimeOffset PeakAt { get; init; }

    /// <summary>The largest need since then.</summary>
    public int Since { get; init; }

    /// <summary>Retired blocks without connections, and since when.</summary>
    public ImmutableDictionary<IPAddress, DateTimeOffset> Empties { get; init; } = ImmutableDictionary<IPAddress, DateTimeOffset>.Empty;

    /// <summary>The memory with another look's need in it; a peak that is old gives way to what was needed since.</summary>
    public PortMemory Saw(int need, TimeSpan idleAfter, DateTimeOffset now)
    {
        if (need >= Peak)
            return this with { Peak = need, PeakAt = now, Since = 0 };
        var since = Math.Max(Since, need);
        return now - PeakAt < idleAfter ? this with { Since = since } : this with { Peak = since, PeakAt = now, Since = need };
    }
}
