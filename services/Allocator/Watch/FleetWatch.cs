using Vprox.Allocator.Adapters.Storage;
using Vprox.Allocator.Core;
using Vprox.Allocator.Transactions;

namespace Vprox.Allocator.Watch;

/// <summary>
/// Looks at the fleet after every change and on the timer: whether any one node may die, and which addresses have no place. Says so once when
/// that changes, and moves a few addresses when that mends it.
/// </summary>
public sealed class FleetWatch(
    AllocatorStore store, FleetSignal signal, FleetState state, RebalanceFleet rebalance, RehearseDeath rehearsal, AllocatorOptions options,
    TimeProvider time, ILogger<FleetWatch> logger)
    : BackgroundService
{
    /// <summary>Looks at every region once.</summary>
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        foreach (var region in options.Regions)
        {
            var fleet = await store.ReadAsync(database => FleetReader.ReadAsync(database, region), cancellationToken);
            var now = new RegionState(region.Name, fleet, Survivability.Of(fleet), time.GetUtcNow());
            Say(state.Replace(now), now);
            if (!now.Survivability.Holds)
                await rebalance.RunAsync(region, cancellationToken);
            await rehearsal.RunOnceAsync(fleet, cancellationToken);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                await LookSafelyAsync(stoppingToken);
                await signal.WaitAsync(options.ReconcileInterval, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The next start looks at once.
        }
    }

    private async Task LookSafelyAsync(CancellationToken cancellationToken)
    {
        try
        {
            await LookAsync(cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            logger.FleetWatchFailed(e);
        }
    }

    private void Say(RegionState? before, RegionState now)
    {
        var held = before?.Survivability.Holds ?? true;
        if (held && !now.Survivability.Holds)
            logger.InvariantBroken(now.Region, string.Join("; ", now.Survivability.Nodes.Where(node => !node.Holds).Take(5).Select(node => node.Reason)));
        if (!held && now.Survivability.Holds)
            logger.InvariantHolds(now.Region);
        var known = before?.Stranded.Select(placement => placement.Address).ToHashSet() ?? [];
        if (now.Stranded.Any(placement => !known.Contains(placement.Address)))
        {
            var nodes = now.Fleet.Nodes.Where(node => now.Stranded.Any(placement => placement.NodeId == node.NodeId))
                .Select(node => $"node {node.NodeId}, which is {(node.Unhealthy ? "dead" : "being drained")}");
            logger.AddressesStranded(
                now.Stranded.Count, string.Join(", ", nodes), string.Join(", ", now.Stranded.Take(20).Select(placement => placement.Address)));
        }
        if (known.Count > 0 && now.Stranded.Count == 0)
            logger.NoAddressStranded(now.Region);
    }
}
