namespace Vprox.Failover.Core.Moves;

/// <summary>
/// The moment in which placements that come as single messages are collected, so that one call per target ENI carries them all: until as many have
/// come as the Allocator placed there together; without its word, until none comes any more.
/// </summary>
public static class Gathering
{
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(12);

    // A message that takes longer is late or lost, and the others go without it.
    private static readonly TimeSpan AtMost = TimeSpan.FromMilliseconds(500);

    /// <summary>The moves that wait for others of the same decision and ENI. Quick when nothing waits.</summary>
    /// <param name="open">Moves that EC2 has not followed yet.</param>
    /// <param name="all">All moves, those of <paramref name="open"/> among them.</param>
    /// <param name="now">Since the start of this process.</param>
    public static IReadOnlySet<string> Waiting(IEnumerable<AddressMove> open, IEnumerable<AddressMove> all, TimeSpan now)
    {
        var groups = open.Where(move => move is { IsNews: true, Begun: null, Desired: not null }).ToLookup(GroupOf);
        if (groups.Count == 0) return new HashSet<string>();
        var come = all.Where(move => move.Desired is not null).CountBy(GroupOf).ToDictionary();
        return groups.Where(group => !IsOver([.. group], come[group.Key], now)).SelectMany(group => group).Select(move => move.Address).ToHashSet(StringComparer.Ordinal);
    }

    private static bool IsOver(IReadOnlyList<AddressMove> group, int come, TimeSpan now) =>
        now - group.Min(move => move.Since) >= AtMost
        || (group.Max(move => move.Desired!.PlacedTogether) is { } together ? come >= together : now - group.Max(move => move.Since) >= Quiet);

    private static (string NetworkInterfaceId, long Generation) GroupOf(AddressMove move) => (move.Desired!.NetworkInterfaceId, move.Generation);
}
