using Vprox.NodeAgent.Core;
using Vprox.NodeAgent.Core.DataPlane;
using Vprox.NodeAgent.Core.Placements;
using Vprox.NodeAgent.Workers;
using Vprox.WireGuard;

namespace Vprox.Cli.Server;

/// <summary>Looks after peers that are said to leave (<see cref="Silence"/>).</summary>
internal sealed class SilentPeers(INodeDataPlane dataPlane, NodeState state, Tunnels tunnels, TimeProvider time, ILogger<SilentPeers> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly Dictionary<int, Silence> _byPort = [];

    /// <summary>Notes that a peer is said to leave.</summary>
    public void Note(Placement placement, WireGuardKey key)
    {
        lock (_lock)
        {
            if (!_byPort.TryGetValue(placement.ListenPort, out var silence))
                _byPort[placement.ListenPort] = silence = new Silence();
            silence.Note(key);
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
        {
            try
            {
                foreach (var placement in state.Serving)
                    await LookAsync(placement, stoppingToken).ConfigureAwait(false);
            }
            catch (WireGuardException e)
            {
                logger.SilenceNotSeen(e.Message);
            }
        }
    }

    private async Task LookAsync(Placement placement, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (!_byPort.TryGetValue(placement.ListenPort, out var silence) || silence.IsEmpty)
                return;
        }
        if (await dataPlane.ReadDeviceAsync(placement.ListenPort, cancellationToken).ConfigureAwait(false) is not { } device)
            return;
        IReadOnlyList<WireGuardKey> gone;
        lock (_lock)
            gone = _byPort[placement.ListenPort].Observe(device, time.GetUtcNow());
        foreach (var key in gone)
            await tunnels.RemoveAsync(placement, key, "disconnected, and silent since", cancellationToken).ConfigureAwait(false);
    }
}
