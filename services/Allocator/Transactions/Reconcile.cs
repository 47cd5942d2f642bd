using Microsoft.EntityFrameworkCore;
using Vprox.Addressing;
using Vprox.Allocator.Adapters.Storage;

namespace Vprox.Allocator.Transactions;

/// <summary>What no message will mend: placements nobody serves, quarantines and leases that end, addresses without a node.</summary>
public sealed class Reconcile(
    AllocatorStore store, PlacementMessages messages, StrandedAddresses stranded, DrainedNodes drained, AllocatorOptions options, TimeProvider time)
{
    // As long as a scheduler may repeat a request for a proxy that it released.
    private static readonly TimeSpan ReleasedProxiesKept = TimeSpan.FromDays(30);

    public Task<ReconcileOutcome> RunAsync(CancellationToken cancellationToken) => store.DecideAsync(
        async database =>
        {
            var now = time.GetUtcNow();
            foreach (var address in await database.StaticAddresses
                .Where(row => row.State == StaticAddressState.Quarantined && row.QuarantinedUntil <= now).ToListAsync())
            {
                address.State = StaticAddressState.Free;
                address.QuarantinedUntil = null;
            }
            var expired = await database.Tunnels.Include(row => row.InnerAddresses)
                .Where(row => row.State != TunnelState.Connected && row.LeasedUntil < now).ToListAsync();
            await PortRecord.EndAsync(database, expired, now);
            database.Tunnels.RemoveRange(expired);
            var unrecorded = now - options.PortRecordRetention;
            await database.PortLeases.Where(row => row.Until < unrecorded).ExecuteDeleteAsync();
            var forgotten = now - ReleasedProxiesKept;
            database.Proxies.RemoveRange(await database.Proxies.Where(row => row.State == ProxyState.Released && row.ReleasedAt < forgotten).ToListAsync());
            var moved = await stranded.MoveAsync(database);
            var republished = await RepublishAsync(database, now);
            await drained.PublishAsync(database);
            return new ReconcileOutcome(moved, republished, expired.Count, await PortUseAsync(database));
        },
        cancellationToken);

    private static async Task<PortUse> PortUseAsync(AllocatorDbContext database)
    {
        var sharing = await database.PortLeases.CountAsync(row => row.Until == null && row.FirstPort == AddressLayout.SharedPorts.First);
        return new PortUse(await database.TunnelAddresses.CountAsync() - sharing, sharing);
    }

    private async Task<int> RepublishAsync(AllocatorDbContext database, DateTimeOffset now)
    {
        var unheard = now - options.RepublishAfter;
        var addresses = await database.Placements
            .Where(row => !row.Serving && row.PublishedAt <= unheard && database.Nodes.Any(node => node.NodeId == row.NodeId && !node.Unhealthy))
            .Select(row => row.Address)
            .ToListAsync();
        await messages.PublishAsync(database, addresses);
        return addresses.Count;
    }
}

/// <summary>What a round did.</summary>
public sealed record ReconcileOutcome(MoveOutcome Moved, int Republished, int LeasesEnded, PortUse Ports);

/// <summary>Port blocks that are leased, and tunnels that found none free.</summary>
public sealed record PortUse(int LeasedBlocks, int SharingTunnels);
