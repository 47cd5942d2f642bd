using System.Collections.Immutable;
using System.Net;
using Vprox.Addressing;

namespace Vprox.NodeAgent.Core.Ports;

/// <summary>
/// Which addresses run out of the ports that tunnels share. The packet that finds no free port is dropped without a word to its sender; the kernel only
/// counts it, for all of the node. Together with an address whose shared ports are nearly all in use, that count says whose it was.
/// </summary>
public sealed record SharedPortShortages
{
    // conntrack gives up after some 240 places (get_unique_tuple, nf_nat_core.c), before the last port is taken.
    private const double Short = 0.75;

    /// <summary>A look walks the kernel's whole table, which may hold a million flows.</summary>
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Repeat = TimeSpan.FromSeconds(30);

    /// <summary>How long nothing must be dropped for it to be over.</summary>
    private static readonly TimeSpan OverAfter = TimeSpan.FromSeconds(10);

    /// <summary>No shortage.</summary>
    public static SharedPortShortages None { get; } = new();

    /// <summary>The addresses that have too few.</summary>
    public ImmutableDictionary<IPAddress, SharedPortShortage> ByAddress { get; init; } = ImmutableDictionary<IPAddress, SharedPortShortage>.Empty;

    /// <summary>Packets dropped since the last look.</summary>
    public long DroppedSinceLook { get; init; }

    /// <summary>When that was.</summary>
    public DateTimeOffset LookedAt { get; init; }

    /// <summary>True when packets were dropped and it is to be seen whose.</summary>
    public bool IsLookDue(DateTimeOffset now) => DroppedSinceLook > 0 && now - LookedAt >= BetweenLooks;

    /// <summary>The shortages after a look, and those that are to be said.</summary>
    public (SharedPortShortages Shortages, IReadOnlyList<SharedPortShortage> TooFew) After(IReadOnlyList<SharedPortLoad> loads, DateTimeOffset now)
    {
        var (shortages, said) = (ByAddress, new List<SharedPortShortage>());
        foreach (var load in loads.Where(load => load.Used >= Short * AddressLayout.SharedPorts.Count))
        {
            var before = ByAddress.GetValueOrDefault(load.Placement.Address);
            var shortage = new SharedPortShortage(load, (before?.Dropped ?? 0) + DroppedSinceLook, now, before?.SaidAt ?? now);
            if (before is null || now - before.SaidAt >= Repeat)
                said.Add(shortage = shortage with { SaidAt = now });
            shortages = shortages.SetItem(load.Placement.Address, shortage);
        }
        return (this with { ByAddress = shortages, DroppedSinceLook = 0, LookedAt = now }, said);
    }

    /// <summary>The shortages that last, and those that are over.</summary>
    public (SharedPortShortages Shortages, IReadOnlyList<SharedPortShortage> Over) Ended(DateTimeOffset now)
    {
        var over = ByAddress.Where(each => now - each.Value.SeenAt >= OverAfter).ToList();
        return over.Count == 0 ? (this, []) : (this with { ByAddress = ByAddress.RemoveRange(over.Select(each => each.Key)) }, [.. over.Select(each => each.Value)]);
    }
}

/// <summary>An address that has too few.</summary>
/// <param name="Load">What was seen last.</param>
/// <param name="Dropped">Packets dropped on the node since it began.</param>
/// <param name="SeenAt">When it was last seen.</param>
/// <param name="SaidAt">When it was last said.</param>
public sealed record SharedPortShortage(SharedPortLoad Load, long Dropped, DateTimeOffset SeenAt, DateTimeOffset SaidAt);
