using System.Collections.Immutable;

namespace Vprox.Failover.Core.Moves;

/// <summary>The newest placement of every address, whatever order they come in, and the addresses that are to be given back.</summary>
/// <param name="Desired">By public address.</param>
/// <param name="Released">The generation of an address's release, until EC2 has followed or a newer placement comes.</param>
/// <param name="Allocations">The allocation id of every address ever placed.</param>
/// <param name="GivenBack">The generation of releases that EC2 has followed and that no snapshot knows of yet: an older placement may still come.</param>
/// <param name="UpTo">The newest generation that the last snapshot knew of; null before the first one.</param>
public sealed record Placements(
    ImmutableSortedDictionary<string, DesiredAddress> Desired,
    ImmutableSortedDictionary<string, long> Released,
    ImmutableSortedDictionary<string, string> Allocations,
    ImmutableSortedDictionary<string, long> GivenBack,
    long? UpTo = null)
{
    /// <summary>Nothing is placed.</summary>
    public static Placements Empty { get; } = new(
        ImmutableSortedDictionary<string, DesiredAddress>.Empty.WithComparers(StringComparer.Ordinal),
        ImmutableSortedDictionary<string, long>.Empty.WithComparers(StringComparer.Ordinal),
        ImmutableSortedDictionary<string, string>.Empty.WithComparers(StringComparer.Ordinal),
        ImmutableSortedDictionary<string, long>.Empty.WithComparers(StringComparer.Ordinal));

    /// <summary>
    /// Takes a placement, unless a newer placement or release is known; of one that is known, what has changed without a move. One that the last
    /// snapshot should have named and did not is long over, and its private address another's by now.
    /// </summary>
    public Placements Place(DesiredAddress placed) =>
        placed.Generation <= UpTo && Desired.GetValueOrDefault(placed.Address)?.Generation != placed.Generation ? this : Take(placed);

    private Placements Take(DesiredAddress placed)
    {
        if (Desired.GetValueOrDefault(placed.Address) is { } same && same.Generation == placed.Generation && same.NodeId == placed.NodeId)
            return same.Refresh(placed) is var fresh && ReferenceEquals(fresh, same) ? this : this with { Desired = Desired.SetItem(placed.Address, fresh) };
        if (GenerationOf(placed.Address) is { } known && known >= placed.Generation) return this;
        return this with
        {
            Desired = Desired.SetItem(placed.Address, placed),
            Released = Released.Remove(placed.Address),
            Allocations = Allocations.SetItem(placed.Address, placed.AllocationId),
        };
    }

    /// <summary>Takes a release, unless a newer placement is known.</summary>
    public Placements Release(string address, long generation)
    {
        if (GenerationOf(address) is { } known && known >= generation) return this;
        return this with { Desired = Desired.Remove(address), Released = Released.SetItem(address, generation) };
    }

    /// <summary>EC2 has followed a release.</summary>
    public Placements GaveBack(string address, long generation) =>
        Released.GetValueOrDefault(address) == generation
            ? this with { Released = Released.Remove(address), GivenBack = GivenBack.SetItem(address, generation) }
            : this;

    /// <summary>
    /// Takes the Allocator's whole list. What it does not name, and was decided before it was read or known unchanged before it was asked for, is
    /// placed nowhere any more; nothing is done to it in EC2, because the list does not say why.
    /// </summary>
    /// <param name="snapshot">The list.</param>
    /// <param name="whenAsked">What was known when it was asked for.</param>
    /// <param name="upTo">The newest generation when its first page was read.</param>
    public Placements Replace(IReadOnlyCollection<DesiredAddress> snapshot, Placements whenAsked, long upTo)
    {
        var named = snapshot.Select(placed => placed.Address).ToHashSet();
        var gone = Desired.Values.Where(placed => !named.Contains(placed.Address)
            && (placed.Generation <= upTo || whenAsked.Desired.GetValueOrDefault(placed.Address) == placed));
        var newest = Math.Max(UpTo ?? 0, upTo);
        var kept = this with
        {
            Desired = Desired.RemoveRange(gone.Select(placed => placed.Address)),
            GivenBack = GivenBack.RemoveRange(GivenBack.Where(pair => pair.Value <= newest).Select(pair => pair.Key)),
            UpTo = newest,
        };
        return snapshot.Where(placed => GivenBack.GetValueOrDefault(placed.Address) < placed.Generation).Aggregate(kept, (all, placed) => all.Take(placed));
    }

    private long? GenerationOf(string address) =>
        Desired.TryGetValue(address, out var placed) ? placed.Generation
        : Released.TryGetValue(address, out var released) ? released
        : GivenBack.TryGetValue(address, out var givenBack) ? givenBack
        : null;
}
