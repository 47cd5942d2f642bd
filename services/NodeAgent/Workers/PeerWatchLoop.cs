using Vprox.NodeAgent.Core;

namespace Vprox.NodeAgent.Workers;

/// <summary>
/// Looks at what peers do: where they are, for the address's next node, and whether they are idle. Where one is that has just connected is worth
/// knowing at once: a node that dies before it was told to others leaves its successor nobody to call.
/// </summary>
public sealed class PeerWatchLoop(Tunnels tunnels, NodeState state, Signals signals, NodeAgentOptions options, TimeProvider time, ILogger<PeerWatchLoop> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(250);

    /// <summary>A peer that has not begun its handshake by then is not about to.</summary>
    private static readonly TimeSpan SoonFor = TimeSpan.FromSeconds(10);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var usual = options.IdlePeerAfter / 10 < Interval ? options.IdlePeerAfter / 10 : Interval;
        string? lastFailure = null;
        while (true)
        {
            // A peer that connects wakes this one; its handshake follows in a moment, as do the others of its crowd.
            if (await signals.Peers.WaitAsync(state.HasUnseenPeers(time.GetUtcNow() - SoonFor) ? Soon : usual, stoppingToken).ConfigureAwait(false))
                await Task.Delay(Soon, time, stoppingToken).ConfigureAwait(false);
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
