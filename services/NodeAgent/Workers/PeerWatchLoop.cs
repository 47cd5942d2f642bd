namespace Vprox.NodeAgent.Workers;

/// <summary>Looks at what peers do: where they are, for the address's next node, and whether they are idle.</summary>
public sealed class PeerWatchLoop(Tunnels tunnels, NodeAgentOptions options, TimeProvider time, ILogger<PeerWatchLoop> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.IdlePeerAfter / 10 < Interval ? options.IdlePeerAfter / 10 : Interval, time);
        string? lastFailure = null;
        while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
        {
            try
            {
                await tunnels.WatchAsync(stoppingToken).ConfigureAwait(false);
                lastFailure = null;
            }
            catch (Exception e) when (e is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
            {
                if (lastFailure != e.Message)
                    logger.PeersNotRead(e.Message);
                lastFailure = e.Message;
            }
        }
    }
}
