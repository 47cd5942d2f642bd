using Microsoft.EntityFrameworkCore;
using Vprox.Allocator.Adapters.Storage;
using Vprox.Allocator.Core;

namespace Vprox.Allocator.Transactions;

/// <summary>
/// Moves addresses off nodes that are unhealthy or being drained. What fits nowhere stays where it is and is tried again whenever the fleet
/// changes and on the timer.
/// </summary>
public sealed class StrandedAddresses(PlacementMessages messages, AllocatorOptions options)
{
    public async Task<MoveOutcome> MoveAsync(AllocatorDbContext database)
    {
        await database.SaveChangesAsync();
        var moves = new List<Move>();
        var stranded = new List<string>();
        foreach (var region in options.Regions)
        {
            var leaving = await database.Nodes.Where(node => node.Region == region.Name && (node.Unhealthy || node.Draining))
                .Select(node => node.NodeId).ToListAsync();
            if (leaving.Count == 0)
                continue;
            var fleet = await FleetReader.ReadAsync(database, region);
            var plan = PlacementPlanner.Move(fleet, fleet.Placements.Where(placement => leaving.Contains(placement.NodeId)).ToList());
            stranded.AddRange(plan.Unplaced.Select(address => address.ToString()));
            foreach (var placed in plan.Placed)
                moves.Add(await ApplyAsync(database, placed));
        }
        await messages.PublishAsync(database, moves.ConvertAll(move => move.Address));
        return new MoveOutcome(moves, stranded);
    }

    private static async Task<Move> ApplyAsync(AllocatorDbContext database, FleetPlacement placed)
    {
        var name = placed.Address.ToString();
        var address = await database.StaticAddresses.Include(row => row.Placement).SingleAsync(row => row.Address == name);
        var placement = address.Placement!;
        var from = placement.NodeId;
        address.Generation++;
        placement.Generation = address.Generation;
        placement.PreviousNodeId = from;
        placement.NodeId = placed.NodeId;
        placement.NetworkInterfaceId = placed.NetworkInterfaceId;
        placement.SubnetId = placed.SubnetId;
        placement.PrivateAddress = placed.PrivateAddress.ToString();
        placement.Serving = false;
        return new Move(name, from, placed.NodeId, placement.Generation);
    }
}

/// <summary>An address that was placed anew.</summary>
public sealed record Move(string Address, string FromNodeId, string ToNodeId, long Generation);

/// <summary>What moved, and what found no place.</summary>
public sealed record MoveOutcome(IReadOnlyList<Move> Moves, IReadOnlyList<string> Stranded);
