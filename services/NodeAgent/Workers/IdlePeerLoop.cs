namespace Vprox.NodeAgent.Workers;

/// <summary>Looks for idle peers, ten times within the time that makes one idle.</summary>
public sealed class IdlePeerLoop(Tunnels tunnels, NodeAgentOptions options, TimeProvider time, ILogger<IdlePeerLoop> logger) : BackgroundService
{
    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.IdlePeerAfter / 10, time);
        string? lastFailure = null;
        while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
        {
            try
            {
                await tunnels.SweepAsync(stoppingToken).ConfigureAwait(false);
                lastFailure = null;
            }
            catch (Exception e) when (e is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
            {
                if (lastFailure != e.Message)
                    logger.SweepFailed(e.Message);
                lastFailure = e.Message;
            }
        }
    }
}
