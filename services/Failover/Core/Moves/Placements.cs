using System.Collections.Immutable;

namespace Vprox.Failover.Core.Moves;

/// <summary>The newest placement of every address, whatever order they come in, and the addresses that are to be given back.</summary>
/// <param name="Desired">By public address.</param>
/// <param name="Released">The generation of an address's release, until EC2 has followed or a newer placement comes.</param>
/// <param name="Allocations">The allocation id of every address ever placed.</param>
public sealed record Placements(
    ImmutableSortedDictionary<string, DesiredAddress> Desired,
    ImmutableSortedDictionary<string, long> Released,
    ImmutableSortedDictionary<string, string> Allocations)
{
    /// <summary>Nothing is placed.</summary>
    public static Placements Empty { get; } = new(
        ImmutableSortedDictionary<string, DesiredAddress>.Empty.WithComparers(StringComparer.Ordinal),
        ImmutableSortedDictionary<string, long>.Empty.WithComparers(StringComparer.Ordinal),
        ImmutableSortedDictionary<string, string>.Empty.WithComparers(StringComparer.Ordinal));

    /// <summary>Takes a placement, unless a newer placement or release is known; of one that is known, what has changed without a move.</summary>
    public Placements Place(DesiredAddress placed)
    {
        if (Desired.GetValueOrDefault(placed.Address) is { } same && same.Generation == placed.Generation && same.NodeId == placed.NodeId)
            return same.Refresh(placed) is var fresh && ReferenceEquals(fresh, same) ? this : this with { Desired = Desired.SetItem(placed.Address, fresh) };
        if (GenerationOf(placed.Address) is { } known && known >= placed.Generation) return this;
        return new(Desired.SetItem(placed.Address, placed), Released.Remove(placed.Address), Allocations.SetItem(placed.Address, placed.AllocationId));
    }

    /// <summary>Takes a release, unless a newer placement is known.</summary>
    public Placements Release(string address, long generation)
    {
        if (GenerationOf(address) is { } known && known >= generation) return this;
        return this with { Desired = Desired.Remove(address), Released = Released.SetItem(address, generation) };
    }

    /// <summary>
    /// Takes the Allocator's whole list. What it does not name, and was known unchanged before it was asked, is placed nowhere any more;
    /// nothing is done to it in EC2, because the list does not say why.
    /// </summary>
    public Placements Replace(IReadOnlyCollection<DesiredAddress> snapshot, Placements whenAsked)
    {
        var named = snapshot.Select(placed => placed.Address).ToHashSet();
        var gone = Desired.Values.Where(placed => !named.Contains(placed.Address) && whenAsked.Desired.GetValueOrDefault(placed.Address) == placed);
        var kept = this with { Desired = Desired.RemoveRange(gone.Select(placed => placed.Address)) };
        return snapshot.Aggregate(kept, (all, placed) => all.Place(placed));
    }

    private long? GenerationOf(string address) =>
        Desired.TryGetValue(address, out var placed) ? placed.Generation : Released.TryGetValue(address, out var released) ? released : null;
}
