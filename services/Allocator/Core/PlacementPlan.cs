using System.Net;

namespace Vprox.Allocator.Core;

/// <summary>Where addresses go, the most important first, and which found no place.</summary>
public sealed record PlacementPlan(IReadOnlyList<FleetPlacement> Placed, IReadOnlyList<IPAddress> Unplaced);
