namespace Vprox.Contracts;

/// <summary>Failover asks where every address shall be. Failover → Allocator; answered by <see cref="FleetSnapshot"/>.</summary>
public sealed record RequestFleetSnapshot
{
    /// <summary>The last address of the page before, or null for the first page.</summary>
    public string? After { get; init; }
}

/// <summary>A page of all placements, ordered by address; <see cref="StaticIpPlaced.SealedIdentity"/> and peers are left empty.</summary>
public sealed record FleetSnapshot
{
    /// <summary>The placements of this page, at most 200.</summary>
    public required IReadOnlyList<StaticIpPlaced> Placements { get; init; }

    /// <summary>The nodes the Allocator knows, on the first page only.</summary>
    public required IReadOnlyList<NodeJoined> Nodes { get; init; }

    /// <summary>What stands in the Allocator's books about those nodes, on the first page only.</summary>
    public IReadOnlyList<NodeStanding> Standings { get; init; } = [];

    /// <summary>
    /// The newest generation when this page was read. Placements up to the first page's that no page names are none any more, also when a
    /// message that says so comes later. 0 says nothing.
    /// </summary>
    public long UpTo { get; init; }

    /// <summary>Ask again with this as <see cref="RequestFleetSnapshot.After"/>; null on the last page.</summary>
    public string? Next { get; init; }
}
