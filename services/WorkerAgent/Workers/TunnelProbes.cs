using System.Collections.Concurrent;
using Vprox.WireGuard;
using Vprox.WorkerAgent.Adapters.Kernel;
using Vprox.WorkerAgent.Core;

namespace Vprox.WorkerAgent.Workers;

/// <summary>Looks at every tunnel once a second: what received something lives; what did not is pinged.</summary>
public sealed class TunnelProbes(
    WorkerInbox inbox, IWorkerKernel kernel, TunnelHandshake handshake, WorkerAgentOptions options, TimeProvider time, ILogger<TunnelProbes> logger)
    : BackgroundService
{
    private readonly ConcurrentDictionary<string, long> _received = new();
    private readonly ConcurrentDictionary<string, bool> _busy = new();

    /// <summary>Looks at the tunnels of an address at once: EC2 says that it moved.</summary>
    public async Task CheckAsync(string address, CancellationToken cancellationToken)
    {
        foreach (var tunnel in Proven().Where(tunnel => tunnel.Grant?.Address.ToString() == address))
        {
            if (!await handshake.RenewAsync(tunnel, cancellationToken))
                inbox.Post(new WorkerEvent.FellSilent(tunnel.ProxyId));
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.ProbeInterval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            foreach (var tunnel in Proven().Where(tunnel => _busy.TryAdd(tunnel.ProxyId, true)))
                _ = LookAsync(tunnel, stoppingToken);
        }
    }

    private IEnumerable<Tunnel> Proven() => inbox.State?.Tunnels.Values.Where(tunnel => tunnel.IsUsable) ?? [];

    private async Task LookAsync(Tunnel tunnel, CancellationToken cancellationToken)
    {
        try
        {
            if (WorkerState.DesiredTunnelOf(tunnel) is not { } path || await HasReceivedAsync(tunnel.ProxyId, path, cancellationToken))
                return;
            if (!await handshake.AnswersAsync(path, cancellationToken))
                inbox.Post(new WorkerEvent.FellSilent(tunnel.ProxyId));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The agent stops; the tunnel does not.
        }
        catch (WireGuardException unreadable)
        {
            logger.ProbeFailed(tunnel.ProxyId, unreadable.Message);
        }
        finally
        {
            _busy.TryRemove(tunnel.ProxyId, out _);
        }
    }

    private async Task<bool> HasReceivedAsync(string proxyId, DesiredTunnel path, CancellationToken cancellationToken)
    {
        var device = await kernel.DeviceAsync(path.Slot, cancellationToken);
        var received = device?.Peers.FirstOrDefault(peer => peer.PublicKey == path.ServerPublicKey)?.ReceivedBytes ?? 0;
        var before = _received.GetValueOrDefault(proxyId);
        _received[proxyId] = received;
        // Less than before: the session began anew.
        return received > before;
    }
}
