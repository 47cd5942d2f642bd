namespace Vprox.Allocator.Core;

/// <summary>One region as placement sees it: nodes, what is placed on them, and which private addresses may be used where.</summary>
public sealed record Fleet
{
    public required IReadOnlyList<FleetNode> Nodes { get; init; }

    public required IReadOnlyList<FleetPlacement> Placements { get; init; }

    public required IReadOnlyList<PrivateRange> PrivateRanges { get; init; }
}
