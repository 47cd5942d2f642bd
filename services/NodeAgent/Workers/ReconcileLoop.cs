namespace Vprox.NodeAgent.Workers;

/// <summary>
/// Runs a round whenever something may have changed, and on a timer. Signals that come during a round make one more round. The peers that a round saw
/// are looked at after it.
/// </summary>
public sealed class ReconcileLoop(Reconciler reconciler, Tunnels tunnels, Signals signals, NodeAgentOptions options, ILogger<ReconcileLoop> logger) : BackgroundService
{
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        string? lastFailure = null;
        while (true)
        {
            var done = await reconciler.RunAsync(stoppingToken).ConfigureAwait(false);
            lastFailure = await SeeAsync(lastFailure, stoppingToken).ConfigureAwait(false);
            await signals.Reconcile.WaitAsync(done || options.ReconcileInterval < Retry ? options.ReconcileInterval : Retry, stoppingToken).ConfigureAwait(false);
        }
    }

    private async Task<string?> SeeAsync(string? lastFailure, CancellationToken cancellationToken)
    {
        try
        {
            await tunnels.SeeAsync(reconciler.Seen, cancellationToken).ConfigureAwait(false);
            return null;
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            if (lastFailure != e.Message)
                logger.PeersNotRead(e.Message);
            return e.Message;
        }
    }
}
