using Microsoft.EntityFrameworkCore;
using Vprox.Allocator.Adapters.Storage;
using Vprox.Contracts;

namespace Vprox.Allocator.Transactions;

/// <summary>Says of draining nodes that they are done: no address is placed there, and each that left serves elsewhere. They stay cordoned.</summary>
public sealed class DrainedNodes(TimeProvider time)
{
    public async Task PublishAsync(AllocatorDbContext database)
    {
        var done = await database.Nodes
            .Where(node => node.Draining && !database.Placements.Any(placement =>
                placement.NodeId == node.NodeId || (placement.PreviousNodeId == node.NodeId && !placement.Serving)))
            .ToListAsync();
        foreach (var node in done)
        {
            node.Draining = false;
            database.Publish(new NodeDrained
            {
                NodeId = node.NodeId,
                Evidence = ["every address that was placed there serves on another node"],
                At = time.GetUtcNow(),
            });
        }
    }
}
