namespace Vprox.NodeAgent.Workers;

/// <summary>
/// Runs a round whenever something may have changed, and on a timer. Signals that come during a round make one more round. The peers that a round read
/// are looked at after it, so that nobody else needs to read them all.
/// </summary>
public sealed class ReconcileLoop(Reconciler reconciler, Tunnels tunnels, Signals signals, NodeAgentOptions options, ILogger<ReconcileLoop> logger) : BackgroundService
{
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // A peer is not seen to be idle much later than it is.
        var usual = options.IdlePeerAfter / 10 < options.ReconcileInterval ? options.IdlePeerAfter / 10 : options.ReconcileInterval;
        string? lastFailure = null;
        while (true)
        {
            var done = await reconciler.RunAsync(stoppingToken).ConfigureAwait(false);
            lastFailure = await SeeAsync(lastFailure, stoppingToken).ConfigureAwait(false);
            await signals.Reconcile.WaitAsync(done || usual < Retry ? usual : Retry, stoppingToken).ConfigureAwait(false);
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
