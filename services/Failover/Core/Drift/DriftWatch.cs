using System.Collections.Immutable;
using Vprox.Failover.Core.Moves;

namespace Vprox.Failover.Core.Drift;

/// <summary>
/// Tells drift from reads that lag: what a sweep over EC2 shows counts when the next sweep shows it again, and when the node itself, which
/// sees its own IMDS, has not said otherwise in between. Times are since the start of this process.
/// </summary>
/// <param name="FirstSeen">When each oddity was first seen, by what it is about.</param>
/// <param name="Reported">What was reported already and is still so.</param>
public sealed record DriftWatch(ImmutableSortedDictionary<string, TimeSpan> FirstSeen, ImmutableSortedSet<string> Reported)
{
    /// <summary>Nothing was seen yet.</summary>
    public static DriftWatch Empty { get; } = new(
        ImmutableSortedDictionary<string, TimeSpan>.Empty.WithComparers(StringComparer.Ordinal),
        ImmutableSortedSet<string>.Empty.WithComparer(StringComparer.Ordinal));

    /// <summary>True while something was seen once and waits for the second look.</summary>
    public bool IsSuspicious => !FirstSeen.IsEmpty;

    /// <summary>A sweep over all placements and all ENIs was answered.</summary>
    /// <param name="seen">The answer.</param>
    /// <param name="begun">When it was asked.</param>
    /// <param name="board">Moves under way, which explain what they change.</param>
    /// <param name="told">What Allocator and nodes told.</param>
    /// <param name="isComplete">The Allocator has listed everything: what it does not name is placed nowhere.</param>
    public (DriftWatch Watch, IReadOnlyList<DriftFinding> Findings) Look(
        ObservedEc2 seen, TimeSpan begun, MoveBoard board, FleetPicture told, bool isComplete)
    {
        var odd = Misplaced(seen, begun, board, told).Concat(isComplete ? Strays(seen, board, told) : []).ToDictionary(oddity => oddity.Key, StringComparer.Ordinal);
        var first = FirstSeen.RemoveRange(FirstSeen.Keys.Where(key => !odd.ContainsKey(key)));
        var reported = Reported.Intersect(odd.Keys);
        var findings = new List<DriftFinding>();
        foreach (var (key, oddity) in odd)
        {
            if (reported.Contains(key)) continue;
            if (!first.TryGetValue(key, out var since) || oddity.IsDenied(since))
            {
                first = first.SetItem(key, begun);
                continue;
            }
            first = first.Remove(key);
            findings.Add(oddity.Finding);
            // What is moved back is news again when it happens again; a stray is reported once for as long as it is there.
            if (!oddity.Finding.Repaired) reported = reported.Add(key);
        }
        return (new DriftWatch(first, reported), findings);
    }

    private static IEnumerable<Oddity> Misplaced(ObservedEc2 seen, TimeSpan begun, MoveBoard board, FleetPicture told)
    {
        foreach (var move in board.Moves.Values)
        {
            if (!move.Settled || move.Outstanding > 0 || move.Desired is not { } desired || begun < move.WrittenAt) continue;
            if (!seen.Associations.TryGetValue(desired.AllocationId, out var association) || seen.Shows(desired)) continue;
            var found = association is null
                ? $"{desired.Address} is associated with nothing, placed on {desired.NetworkInterfaceId} with generation {desired.Generation}"
                : $"{desired.Address} is on {association.NetworkInterfaceId} with {association.PrivateAddress}, placed on {desired.NetworkInterfaceId} with {desired.PrivateAddress}, generation {desired.Generation}";
            // A node sees its private addresses in IMDS, not what else an Elastic IP may be bound to.
            var canBeDenied = association is null || association.PrivateAddress == desired.PrivateAddress;
            yield return new Oddity(
                $"address {desired.Address}", new DriftFinding(desired.Address, found, Repaired: true),
                since => canBeDenied && !seen.Holds(desired.NetworkInterfaceId, desired.PrivateAddress) && told.IsSeenOnNode(desired, since));
        }
    }

    private static IEnumerable<Oddity> Strays(ObservedEc2 seen, MoveBoard board, FleetPicture told)
    {
        var wanted = board.Placements.Desired.Values.Select(placed => placed.PrivateAddress).ToHashSet();
        var releasing = board.Open.Where(address => board.Moves[address].Desired is null).ToHashSet();
        foreach (var (eni, addresses) in seen.SecondaryAddresses)
        {
            if (told.NodeOf(eni) is not { } node) continue;
            foreach (var stray in addresses.Where(address => !wanted.Contains(address) && !board.LeftBehind.ContainsKey(new(eni, address))))
            {
                var elasticIp = seen.ElasticIpOn.GetValueOrDefault(stray);
                if (elasticIp is not null && releasing.Contains(elasticIp)) continue;
                var finding = elasticIp is null
                    ? new DriftFinding(null, $"{stray} is on {eni} of {node}, and no placement names it", Repaired: false)
                    : new DriftFinding(elasticIp, $"{elasticIp} is associated with {stray} on {eni} of {node}, and nothing places it there", Repaired: false);
                yield return new Oddity($"stray {eni} {stray} {elasticIp}", finding, _ => false);
            }
        }
    }

    private sealed record Oddity(string Key, DriftFinding Finding, Func<TimeSpan, bool> IsDenied);
}
