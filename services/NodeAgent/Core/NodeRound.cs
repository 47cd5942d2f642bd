using Vprox.NodeAgent.Core.Placements;

namespace Vprox.NodeAgent.Core;

/// <summary>One round of reconciling.</summary>
public sealed record NodeRound
{
    /// <summary>What the kernel shall hold.</summary>
    public required DesiredNode Desired { get; init; }

    /// <summary>The placements behind it, as the journal keeps them.</summary>
    public required IReadOnlyList<HeldPlacement> Held { get; init; }

    /// <summary>What was let go with this round.</summary>
    public required IReadOnlyList<Placement> Gone { get; init; }

    /// <summary>Grows whenever placements may have changed; equal numbers need no new journal.</summary>
    public required long PlacementsVersion { get; init; }

    /// <summary>See <see cref="PlacementTable.UpTo"/>.</summary>
    public required long SnapshotUpTo { get; init; }

    /// <summary>See <see cref="PlacementTable.LastZone"/>.</summary>
    public required ushort LastZone { get; init; }
}
