using Microsoft.EntityFrameworkCore;
using Vprox.Allocator.Adapters.Storage;
using Vprox.Allocator.Core;

namespace Vprox.Allocator.Transactions;

/// <summary>
/// Moves addresses off nodes that are unhealthy or being drained. What fits nowhere stays where it is and is tried again whenever the fleet
/// changes and on the timer.
/// </summary>
public sealed class StrandedAddresses(MoveAddresses moving, AllocatorOptions options, TimeProvider time)
{
    public async Task<MoveOutcome> MoveAsync(AllocatorDbContext database, Stages? stages = null)
    {
        stages ??= new Stages(time);
        await database.SaveChangesAsync();
        var leaving = await database.Nodes
            .Where(node => (node.Unhealthy || node.Draining) && database.Placements.Any(placement => placement.NodeId == node.NodeId))
            .Select(node => new { node.NodeId, node.Region }).ToListAsync();
        var placed = new List<FleetPlacement>();
        var stranded = new List<string>();
        foreach (var region in options.Regions.Where(region => leaving.Exists(node => node.Region == region.Name)))
        {
            var nodes = leaving.Select(node => node.NodeId).ToHashSet();
            var fleet = await FleetReader.ReadAsync(database, region);
            var placements = await FleetReader.WithTunnelsAsync(database, fleet.Placements.Where(placement => nodes.Contains(placement.NodeId)));
            stages.Passed("read");
            var plan = PlacementPlanner.Move(fleet, placements);
            stages.Passed("planned");
            placed.AddRange(plan.Placed);
            stranded.AddRange(plan.Unplaced.Select(address => address.ToString()));
        }
        return new MoveOutcome(placed.Count == 0 ? [] : await moving.ApplyAsync(database, placed, stages), stranded);
    }
}

/// <summary>What moved, and what found no place.</summary>
public sealed record MoveOutcome(IReadOnlyList<Move> Moves, IReadOnlyList<string> Stranded);
