namespace Vprox.NodeAgent.Workers;

/// <summary>Runs a round whenever something may have changed, and on a timer. Signals that come during a round make one more round.</summary>
public sealed class ReconcileLoop(Reconciler reconciler, Signals signals, NodeAgentOptions options) : BackgroundService
{
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            var done = await reconciler.RunAsync(stoppingToken).ConfigureAwait(false);
            await signals.Reconcile.WaitAsync(done || options.ReconcileInterval < Retry ? options.ReconcileInterval : Retry, stoppingToken).ConfigureAwait(false);
        }
    }
}
