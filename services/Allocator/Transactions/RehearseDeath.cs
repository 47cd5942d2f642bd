using Vprox.Allocator.Adapters.Storage;
using Vprox.Allocator.Core;

namespace Vprox.Allocator.Transactions;

/// <summary>
/// Decides once what would follow from the death of the node with the fewest addresses, and forgets it. The first decision of a kind in a
/// process takes several times as long as the next (queries and code are compiled on first use), and a death is rare: without this every one
/// would be a first.
/// </summary>
public sealed class RehearseDeath(AllocatorStore store, StrandedAddresses stranded, TimeProvider time, ILogger<RehearseDeath> logger)
{
    private bool _done;

    public async Task RunOnceAsync(Fleet fleet, CancellationToken cancellationToken)
    {
        if (_done || fleet.Nodes.Count(node => node.TakesPlacements) < 2)
            return;
        var load = fleet.Placements.GroupBy(placement => placement.NodeId).ToDictionary(group => group.Key, group => group.Count());
        if (fleet.Nodes.Where(node => node.TakesPlacements && load.ContainsKey(node.NodeId)).MinBy(node => load[node.NodeId]) is not { } dying)
            return;
        _done = true;
        var stages = new Stages(time);
        await store.DecideAndForgetAsync(
            async database =>
            {
                if (await database.Nodes.FindAsync([dying.NodeId], cancellationToken) is not { } node)
                    return;
                node.Unhealthy = true;
                await stranded.MoveAsync(database, stages);
                await database.SaveChangesAsync(cancellationToken);
            },
            cancellationToken);
        logger.DeathRehearsed(dying.NodeId, stages.TotalMs, stages.ToString());
    }
}
