namespace Vprox.NodeAgent.Core.Placements;

/// <summary>A placement that a node holds.</summary>
/// <param name="Placement">The placement.</param>
/// <param name="OvertakenUpTo">See <see cref="KnownAddress.OvertakenUpTo"/>.</param>
public sealed record HeldPlacement(Placement Placement, long OvertakenUpTo);
