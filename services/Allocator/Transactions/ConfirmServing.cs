using Microsoft.EntityFrameworkCore;
using Vprox.Allocator.Adapters.Storage;
using Vprox.Contracts;

namespace Vprox.Allocator.Transactions;

/// <summary>A node answers on an address: when all addresses of a proxy do so for the first time, the proxy is ready.</summary>
public sealed class ConfirmServing(AllocatorStore store, DrainedNodes drained, PlacementMessages messages, ILogger<ConfirmServing> logger)
{
    public async Task HandleAsync(StaticIpServing serving, CancellationToken cancellationToken)
    {
        var (current, ready) = await store.DecideAsync(database => DecideAsync(database, serving), cancellationToken);
        if (current)
            logger.AddressServed(serving.Address, serving.NodeId, serving.Generation);
        else
            logger.LateServingIgnored(serving.Address, serving.NodeId, serving.Generation);
        if (ready is not null)
            logger.ProxyBecameReady(ready);
    }

    private async Task<(bool Current, string? Ready)> DecideAsync(AllocatorDbContext database, StaticIpServing serving)
    {
        var address = await database.StaticAddresses.Include(row => row.Placement).SingleOrDefaultAsync(row => row.Address == serving.Address);
        if (address?.Placement is not { } placement || placement.Generation != serving.Generation || placement.NodeId != serving.NodeId)
            return (false, null);
        var arrives = !placement.Serving;
        placement.Serving = true;
        placement.PreviousNodeId = null;
        await database.SaveChangesAsync();
        // The worker showed them to the node that the address was leaving; this one would drop what comes from their blocks until its next snapshot.
        if (arrives && await database.Tunnels.AnyAsync(row => row.Address == address.Address && row.GrantedAt >= placement.PublishedAt))
            await messages.PublishAsync(database, [address.Address]);
        await drained.PublishAsync(database);
        var proxy = await database.Proxies.SingleAsync(row => row.ProxyId == address.ProxyId);
        if (proxy.State != ProxyState.Placing
            || await database.StaticAddresses.AnyAsync(row => row.ProxyId == proxy.ProxyId && !row.Placement!.Serving))
            return (true, null);
        proxy.State = ProxyState.Ready;
        database.Publish(await ProxyMessages.ReadyAsync(database, proxy));
        return (true, proxy.ProxyId);
    }
}
