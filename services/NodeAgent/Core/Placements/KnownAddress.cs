namespace Vprox.NodeAgent.Core.Placements;

/// <summary>
/// What a node knows of one static address. Every field only grows, so the order in which messages arrive, and how often, changes nothing.
/// </summary>
public sealed record KnownAddress
{
    /// <summary>The newest placement on this node; null when there was none, or when it has been let go.</summary>
    public Placement? Here { get; init; }

    /// <summary>Placements on this node up to this generation have been overtaken: the address was placed elsewhere, or a snapshot did not name it.</summary>
    public long OvertakenUpTo { get; init; }

    /// <summary>Placements up to this generation belong to no proxy any more.</summary>
    public long ReleasedUpTo { get; init; }

    /// <summary>When it was first seen that the address shall leave; null while it is placed here.</summary>
    public DateTimeOffset? LeavingSince { get; init; }

    /// <summary>The newest generation known of the address, here or elsewhere.</summary>
    public long Generation => Math.Max(Here?.Generation ?? 0, Math.Max(OvertakenUpTo, ReleasedUpTo));

    /// <summary>True when this node shall serve the address.</summary>
    public bool IsPlacedHere => Here is not null && Here.Generation > OvertakenUpTo && Here.Generation > ReleasedUpTo;

    /// <summary>True when the address belongs elsewhere by now: it is served on until EC2 has moved it, so that a drain loses nothing.</summary>
    public bool IsLeaving => Here is not null && Here.Generation <= OvertakenUpTo && Here.Generation > ReleasedUpTo;
}
