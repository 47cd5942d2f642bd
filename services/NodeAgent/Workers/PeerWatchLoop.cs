using Vprox.NodeAgent.Core;

namespace Vprox.NodeAgent.Workers;

/// <summary>
/// Looks where peers are that have just connected, for the address's next node: a node that dies before it was told to others leaves its successor
/// nobody to call. All other peers are seen in the rounds of reconciling.
/// </summary>
public sealed class PeerWatchLoop(Tunnels tunnels, NodeState state, Signals signals, TimeProvider time, ILogger<PeerWatchLoop> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(250);

    // A look reads all peers of an interface. While a crowd connects, the next one comes after ten times what the last one took.
    private const int LooksApart = 10;
    private static readonly TimeSpan Latest = TimeSpan.FromSeconds(1);

    /// <summary>A peer that has not begun its handshake by then is not about to.</summary>
    private static readonly TimeSpan SoonFor = TimeSpan.FromSeconds(10);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        string? lastFailure = null;
        var soon = Soon;
        while (true)
        {
            // A peer that connects wakes this one; its handshake follows in a moment, as do the others of its crowd.
            var isSoon = state.WithUnseenPeers(time.GetUtcNow() - SoonFor).Count > 0;
            if (await signals.Peers.WaitAsync(isSoon ? soon : Interval, stoppingToken).ConfigureAwait(false))
                await Task.Delay(soon, time, stoppingToken).ConfigureAwait(false);
            var began = time.GetTimestamp();
            try
            {
                await tunnels.LookForNewAsync(time.GetUtcNow() - SoonFor, stoppingToken).ConfigureAwait(false);
                lastFailure = null;
            }
            catch (Exception e) when (e is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
            {
                if (lastFailure != e.Message)
                    logger.PeersNotRead(e.Message);
                lastFailure = e.Message;
            }
            soon = TimeSpan.FromTicks(Math.Clamp(LooksApart * time.GetElapsedTime(began).Ticks, Soon.Ticks, Latest.Ticks));
        }
    }
}
