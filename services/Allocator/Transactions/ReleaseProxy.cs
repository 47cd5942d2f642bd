using Microsoft.EntityFrameworkCore;
using Vprox.Allocator.Adapters.Storage;
using Vprox.Contracts;

namespace Vprox.Allocator.Transactions;

/// <summary>A proxy given back: its nodes tear its addresses down, and these rest before another workspace gets them.</summary>
public sealed class ReleaseProxy(AllocatorStore store, AllocatorOptions options, TimeProvider time, ILogger<ReleaseProxy> logger)
{
    private enum Outcome
    {
        Released,
        Unknown,
        Foreign,
    }

    public async Task HandleAsync(ProxyReleased release, CancellationToken cancellationToken)
    {
        switch (await store.DecideAsync(database => DecideAsync(database, release), cancellationToken))
        {
            case Outcome.Released:
                logger.ProxyReleased(release.ProxyId, release.WorkspaceId);
                break;
            case Outcome.Foreign:
                logger.ForeignReleaseRefused(release.ProxyId, release.WorkspaceId);
                break;
        }
    }

    private async Task<Outcome> DecideAsync(AllocatorDbContext database, ProxyReleased release)
    {
        if (await database.Proxies.FindAsync(release.ProxyId) is not { } proxy || proxy.State == ProxyState.Released)
            return Outcome.Unknown;
        if (proxy.WorkspaceId != release.WorkspaceId)
            return Outcome.Foreign;
        var now = time.GetUtcNow();
        proxy.State = ProxyState.Released;
        proxy.ReleasedAt = now;
        var generation = await database.NewestGenerationAsync() + 1;
        foreach (var address in await database.StaticAddresses.Include(row => row.Placement).Where(row => row.ProxyId == proxy.ProxyId).ToListAsync())
        {
            address.State = StaticAddressState.Quarantined;
            address.QuarantinedUntil = now + options.Quarantine;
            address.ProxyId = null;
            address.Generation = generation;
            if (address.Placement is not { } placement)
                continue;
            database.Publish(new StaticIpReleased { Address = address.Address, NodeId = placement.NodeId, Generation = generation });
            database.Placements.Remove(placement);
            var tunnels = await database.Tunnels.Include(row => row.InnerAddresses).Where(row => row.Address == address.Address).ToListAsync();
            await PortRecord.EndAsync(database, tunnels, now);
            database.Tunnels.RemoveRange(tunnels);
        }
        return Outcome.Released;
    }
}
