namespace Vprox.Contracts;

/// <summary>A node asks what it shall serve. NodeAgent → Allocator; answered by <see cref="NodeSnapshot"/>.</summary>
public sealed record RequestNodeSnapshot
{
    /// <summary>The node that asks.</summary>
    public required string NodeId { get; init; }

    /// <summary>The last address of the page before, or null for the first page.</summary>
    public string? After { get; init; }
}

/// <summary>A page of what a node shall serve, ordered by address. What no page names is not the node's.</summary>
public sealed record NodeSnapshot
{
    /// <summary>The node.</summary>
    public required string NodeId { get; init; }

    /// <summary>False when the Allocator has not heard of the node: it must send <see cref="NodeJoined"/> first.</summary>
    public required bool Known { get; init; }

    /// <summary>The placements of this page, at most 50.</summary>
    public required IReadOnlyList<StaticIpPlaced> Placements { get; init; }

    /// <summary>
    /// The newest generation when this page was read. Placements of the node up to the first page's that no page names are none any more, also when a
    /// message that says so comes later. 0 says nothing.
    /// </summary>
    public long UpTo { get; init; }

    /// <summary>Ask again with this as <see cref="RequestNodeSnapshot.After"/>; null on the last page.</summary>
    public string? Next { get; init; }
}
