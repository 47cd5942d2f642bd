using Vprox.Allocator.Transactions;
using Vprox.Allocator.Watch;

namespace Vprox.Allocator.Workers;

/// <summary>Runs <see cref="Reconcile"/> on a timer.</summary>
public sealed class ReconcileLoop(Reconcile reconcile, FleetState state, AllocatorOptions options, TimeProvider time, ILogger<ReconcileLoop> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.ReconcileInterval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                await RunAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The next start reconciles.
        }
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            var outcome = await reconcile.RunAsync(cancellationToken);
            state.Ports = outcome.Ports;
            logger.Moved(outcome.Moved);
            if (outcome.Republished > 0)
                logger.PlacementsRepublished(outcome.Republished);
            if (outcome.LeasesEnded > 0)
                logger.LeasesEnded(outcome.LeasesEnded);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            logger.ReconcileFailed(e);
        }
    }
}
