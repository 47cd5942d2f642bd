using System.Net;
using Vprox.NodeAgent.Core.Metadata;
using Vprox.WireGuard;

namespace Vprox.NodeAgent.Core.Placements;

/// <summary>The static addresses a node has heard of. Pure: it does no I/O, and its caller makes one call at a time.</summary>
public sealed class PlacementTable(string nodeId)
{
    /// <summary>An address that shall leave is let go after this time even if IMDS still shows it: it was released, not moved, or the move failed.</summary>
    public static readonly TimeSpan LongestLeave = TimeSpan.FromMinutes(5);

    private readonly Dictionary<IPAddress, KnownAddress> _known = [];

    /// <summary>The newest generation that the last complete snapshot knew of: what it did not name, and is not newer, comes too late.</summary>
    public long UpTo { get; private set; }

    /// <summary>
    /// The conntrack zone that was given last. Each placement that is taken gets the next one that no other has, so that it finds nothing of its address's
    /// last stay here, nor of its private address's last owner, before 65,000 others have come and gone.
    /// </summary>
    public ushort LastZone { get; private set; }

    /// <summary>Placements this node shall serve, or still serves until EC2 has moved them; by address.</summary>
    public IReadOnlyList<Placement> Held =>
        [.. _known.Values.Where(known => known.IsPlacedHere || known.IsLeaving).Select(known => known.Here!).OrderBy(p => Addressing.Ipv4.ToUInt32(p.Address))];

    /// <summary>What is known of an address; null when nothing is.</summary>
    public KnownAddress? Find(IPAddress address) => _known.GetValueOrDefault(address);

    /// <summary>
    /// Takes a placement that a snapshot names: the Allocator's word now, so that an earlier snapshot without it is taken back.
    /// </summary>
    public PlacementOutcome Confirm(Placement placement, DateTimeOffset now)
    {
        // A generation is of one placement only: when exactly this one counts as overtaken, it was by its absence from a snapshot.
        if (placement.NodeId == nodeId && _known.GetValueOrDefault(placement.Address) is { } known && known.OvertakenUpTo == placement.Generation)
            _known[placement.Address] = Noting(known with { OvertakenUpTo = placement.Generation - 1 }, now);
        return Take(placement, now);
    }

    /// <summary>Takes a placement, on this node or on another.</summary>
    public PlacementOutcome Place(Placement placement, DateTimeOffset now) =>
        placement.Generation <= UpTo && Find(placement.Address)?.Here?.Generation != placement.Generation ? PlacementOutcome.Ignored : Take(placement, now);

    private PlacementOutcome Take(Placement placement, DateTimeOffset now)
    {
        var before = _known.GetValueOrDefault(placement.Address) ?? new KnownAddress();
        if (placement.NodeId != nodeId)
            return Overtake(placement.Address, placement.Generation, now);

        if (before.Here is { } here && here.Generation >= placement.Generation)
        {
            if (here.Generation > placement.Generation || !AddsTo(here, placement))
                return PlacementOutcome.Ignored;
            _known[placement.Address] = before with { Here = Merge(here, placement) };
            return PlacementOutcome.Completed;
        }
        // Never held here and overtaken already: its private address may be another's by now.
        if (placement.Generation <= before.Generation)
            return PlacementOutcome.Ignored;
        _known[placement.Address] = Noting(before with { Here = placement with { Zone = ZoneFor(placement) } }, now);
        return PlacementOutcome.Placed;
    }

    /// <summary>
    /// Forgets peers of an address that are gone: with snapshots that complete its placement they would gather, here and in the journal, for as long as
    /// the address stays. And one whose end the Allocator did not hear of is news again in a later snapshot, is taken up, idle, and said to have gone once more.
    /// </summary>
    /// <returns>True when there were any.</returns>
    public bool KeepPeers(IPAddress address, Func<WireGuardKey, bool> stays)
    {
        if (_known.GetValueOrDefault(address) is not { Here: { } here } known)
            return false;
        var kept = here.WithPeers(stays);
        if (ReferenceEquals(kept, here))
            return false;
        _known[address] = known with { Here = kept };
        return true;
    }

    /// <summary>Placements of an address on this node up to this generation are no longer its.</summary>
    public PlacementOutcome Overtake(IPAddress address, long generation, DateTimeOffset now)
    {
        var before = _known.GetValueOrDefault(address) ?? new KnownAddress();
        if (generation <= before.OvertakenUpTo)
            return PlacementOutcome.Ignored;
        var after = Noting(before with { OvertakenUpTo = generation }, now);
        _known[address] = after;
        return before.IsPlacedHere && after.IsLeaving ? PlacementOutcome.Lost : PlacementOutcome.Ignored;
    }

    /// <summary>Takes a release.</summary>
    public PlacementOutcome Release(IPAddress address, long generation)
    {
        var before = _known.GetValueOrDefault(address) ?? new KnownAddress();
        if (generation <= before.ReleasedUpTo)
            return PlacementOutcome.Ignored;
        _known[address] = before with { ReleasedUpTo = generation };
        return (before.IsPlacedHere || before.IsLeaving) && before.Here!.Generation <= generation ? PlacementOutcome.Released : PlacementOutcome.Ignored;
    }

    /// <summary>The generations placed here now: what a snapshot that is asked for from here on is compared with.</summary>
    public IReadOnlyDictionary<IPAddress, long> PlacedGenerations() =>
        _known.Where(pair => pair.Value.IsPlacedHere).ToDictionary(pair => pair.Key, pair => pair.Value.Here!.Generation);

    /// <summary>
    /// Ends a complete snapshot: what was placed here when it was asked for, and is not in it, is not this node's. What was decided after it was
    /// read stays, and what comes later and was decided before is not taken any more.
    /// </summary>
    /// <param name="placedWhenAsked">
    /// <see cref="PlacedGenerations"/> before the first page was asked for: what is decided from where the Allocator is of an earlier version and sends no
    /// <paramref name="upTo"/>.
    /// </param>
    /// <param name="named">The addresses on its pages.</param>
    /// <param name="upTo">The newest generation when its first page was read.</param>
    /// <param name="now">The time.</param>
    /// <returns>The addresses that shall leave.</returns>
    public IReadOnlyList<IPAddress> EndSnapshot(
        IReadOnlyDictionary<IPAddress, long> placedWhenAsked, IReadOnlySet<IPAddress> named, long upTo, DateTimeOffset now)
    {
        UpTo = Math.Max(UpTo, upTo);
        return
        [
            .. PlacedGenerations()
                .Where(pair => !named.Contains(pair.Key) && (pair.Value <= upTo || placedWhenAsked.GetValueOrDefault(pair.Key) == pair.Value))
                .Where(pair => Overtake(pair.Key, pair.Value, now) == PlacementOutcome.Lost)
                .Select(pair => pair.Key),
        ];
    }

    /// <summary>Takes over what an earlier run of the agent knew of the last snapshot.</summary>
    public void Resume(long upTo) => UpTo = Math.Max(UpTo, upTo);

    /// <summary>Goes on giving zones where an earlier run of the agent stopped.</summary>
    public void ResumeZones(ushort lastZone) => LastZone = lastZone;

    /// <summary>Lets go of what was released, and of what shall leave once IMDS no longer shows it here.</summary>
    /// <returns>The placements that were let go.</returns>
    public IReadOnlyList<Placement> Settle(MetadataSnapshot metadata, DateTimeOffset now)
    {
        var gone = _known
            .Where(pair => pair.Value.Here is not null && !pair.Value.IsPlacedHere)
            .Where(pair => !pair.Value.IsLeaving || now - pair.Value.LeavingSince >= LongestLeave || metadata.HolderOf(pair.Value.Here!.PrivateAddress) is null)
            .ToList();
        foreach (var (address, known) in gone)
            _known[address] = known with { Here = null, LeavingSince = null };
        return [.. gone.Select(pair => pair.Value.Here!)];
    }

    // One that comes out of the journal keeps what it had.
    private ushort ZoneFor(Placement placement)
    {
        var taken = _known.Values.Select(known => known.Here?.Zone ?? 0).Append((ushort)0).ToHashSet();
        if (!taken.Contains(placement.Zone))
            return placement.Zone;
        do
            LastZone = (ushort)((LastZone % ushort.MaxValue) + 1);
        while (taken.Contains(LastZone));
        return LastZone;
    }

    private static KnownAddress Noting(KnownAddress known, DateTimeOffset now) =>
        known with { LeavingSince = known.IsLeaving ? known.LeavingSince ?? now : null };

    /// <summary>A placement may be sent in parts (its peers), or again with a seal that opens, another bandwidth or newer grants.</summary>
    private static bool AddsTo(Placement here, Placement more)
    {
        if ((here.Identity is null && more.Identity is not null) || more.Message.BandwidthGeneration > here.Message.BandwidthGeneration)
            return true;
        var known = here.Peers.GroupBy(peer => peer.PublicKey).ToDictionary(same => same.Key, same => same.Max(peer => peer.GrantedAt));
        return more.Peers.Any(peer => !known.TryGetValue(peer.PublicKey, out var grantedAt) || peer.IsGrantedAfter(grantedAt));
    }

    private static Placement Merge(Placement here, Placement more)
    {
        var opened = here.Identity is not null || more.Identity is null ? here : more;
        // Of two alike the one that was there.
        var peers = here.Peers.Concat(more.Peers).GroupBy(peer => peer.PublicKey).Select(same => same.MaxBy(peer => peer.GrantedAt)!).OrderBy(peer => peer.PublicKey).ToList();
        var rated = more.Message.BandwidthGeneration > here.Message.BandwidthGeneration ? more : here;
        return opened with
        {
            Zone = here.Zone,
            Peers = peers,
            Bandwidth = rated.Bandwidth,
            Message = opened.Message with
            {
                GuaranteedMbps = rated.Message.GuaranteedMbps,
                CeilingMbps = rated.Message.CeilingMbps,
                BandwidthGeneration = rated.Message.BandwidthGeneration,
                Peers = [.. here.Message.Peers.Concat(more.Message.Peers).GroupBy(peer => peer.PublicKey).Select(same => same.MaxBy(peer => peer.GrantedAt)!)],
            },
        };
    }
}
