using Vprox.Allocator.Core;

namespace Vprox.Allocator.Watch;

/// <summary>A region as it was last looked at.</summary>
public sealed record RegionState(string Region, Fleet Fleet, SurvivabilityReport Survivability, DateTimeOffset At)
{
    /// <summary>Addresses on nodes that are dead or being drained: no other node has a place for them.</summary>
    public IReadOnlyList<FleetPlacement> Stranded { get; } = StrandedOf(Fleet);

    private static List<FleetPlacement> StrandedOf(Fleet fleet)
    {
        var left = fleet.Nodes.Where(node => node.MustBeLeft).Select(node => node.NodeId).ToHashSet();
        return fleet.Placements.Where(placement => left.Contains(placement.NodeId)).ToList();
    }
}
