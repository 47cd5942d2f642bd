using Vprox.Allocator.Adapters.Storage;
using Vprox.Allocator.Core;

namespace Vprox.Allocator.Transactions;

/// <summary>A few moves, their old nodes alive until the new ones serve, when any one node may die only after them.</summary>
public sealed class RebalanceFleet(AllocatorStore store, MoveAddresses moving, AllocatorOptions options, TimeProvider time, ILogger<RebalanceFleet> logger)
{
    public async Task<IReadOnlyList<Move>> RunAsync(RegionOptions region, CancellationToken cancellationToken)
    {
        if (options.RebalanceMoves == 0)
            return [];
        var moves = await store.DecideAsync(
            async database =>
            {
                var fleet = await FleetReader.ReadAsync(database, region);
                fleet = fleet with { Placements = await FleetReader.WithTunnelsAsync(database, fleet.Placements) };
                var planned = Rebalance.Plan(fleet, options.RebalanceMoves);
                return planned.Count == 0 ? [] : await moving.ApplyAsync(database, planned, new Stages(time));
            },
            cancellationToken);
        foreach (var move in moves)
            logger.AddressRebalanced(move.Address, move.FromNodeId, move.ToNodeId, move.Generation);
        return moves;
    }
}
