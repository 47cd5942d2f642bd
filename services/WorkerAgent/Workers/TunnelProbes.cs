using System.Collections.Concurrent;
using Vprox.WireGuard;
using Vprox.WorkerAgent.Adapters.Kernel;
using Vprox.WorkerAgent.Core;

namespace Vprox.WorkerAgent.Workers;

/// <summary>
/// Looks at every tunnel once a second: what received something lives; what did not is pinged. A lost one is tried again, with the bus or without;
/// whoever begins the handshake, it is back the moment something comes through.
/// </summary>
public sealed class TunnelProbes(
    WorkerInbox inbox, IWorkerKernel kernel, TunnelHandshake handshake, WorkerMeters meters, WorkerAgentOptions options, TimeProvider time,
    ILogger<TunnelProbes> logger) : BackgroundService
{
    private readonly ConcurrentDictionary<string, long> _received = new();
    private readonly ConcurrentDictionary<string, bool> _busy = new();
    private readonly ConcurrentDictionary<string, long> _moved = new();
    private readonly ConcurrentDictionary<string, Retry> _retries = new();

    private sealed record Retry(int Attempt, DateTimeOffset NotBefore);

    /// <summary>Looks at the tunnels of an address at once: EC2 says that it moved.</summary>
    /// <returns>False when a newer move is known: this word of an older one comes late, and a session begun anew would cost traffic.</returns>
    public async Task<bool> CheckAsync(string address, long generation, CancellationToken cancellationToken)
    {
        if (_moved.AddOrUpdate(address, generation, (_, known) => Math.Max(known, generation)) > generation)
            return false;
        foreach (var tunnel in Proven().Where(tunnel => tunnel.Grant?.Address.ToString() == address))
        {
            _retries.TryRemove(tunnel.ProxyId, out _);
            Say(tunnel, await handshake.RenewAsync(tunnel, cancellationToken));
        }
        return true;
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.ProbeInterval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            // One after the other over half the interval: forty at once, each a few questions to other processes, are in the way of whatever else there is to do.
            var tunnels = Proven().Select(tunnel => tunnel.ProxyId).ToList();
            foreach (var (index, proxyId) in tunnels.Index().Where(each => _busy.TryAdd(each.Item, true)))
                _ = LookAsync(proxyId, options.ProbeInterval * index / (2 * tunnels.Count), stoppingToken);
        }
    }

    private IEnumerable<Tunnel> Proven() => inbox.State?.Tunnels.Values.Where(tunnel => tunnel.Phase == TunnelPhase.Proven) ?? [];

    private async Task LookAsync(string proxyId, TimeSpan turn, CancellationToken cancellationToken)
    {
        try
        {
            await Task.Delay(turn, time, cancellationToken);
            if (inbox.State?.Tunnels.GetValueOrDefault(proxyId) is not { Phase: TunnelPhase.Proven } tunnel || WorkerState.DesiredTunnelOf(tunnel) is not { } path)
                return;
            var received = await HasReceivedAsync(tunnel.ProxyId, path, cancellationToken);
            if (tunnel.Lost)
                await TryAgainAsync(tunnel, path, received, cancellationToken);
            else if (!received)
                Say(tunnel, await handshake.AnswersAsync(path, cancellationToken));
            // The answer to our own ping is no traffic: without this, an idle tunnel would be looked at every other time only.
            await HasReceivedAsync(tunnel.ProxyId, path, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The agent stops; the tunnel does not.
        }
        catch (WireGuardException unreadable)
        {
            logger.ProbeFailed(proxyId, unreadable.Message);
        }
        finally
        {
            _busy.TryRemove(proxyId, out _);
        }
    }

    private async Task TryAgainAsync(Tunnel tunnel, DesiredTunnel path, bool received, CancellationToken cancellationToken)
    {
        var retry = _retries.GetOrAdd(tunnel.ProxyId, _ => new Retry(0, time.GetUtcNow()));
        if (received || time.GetUtcNow() < retry.NotBefore)
        {
            Say(tunnel, await handshake.GlanceAsync(path, cancellationToken));
            return;
        }
        var next = time.GetUtcNow() + Backoff.OfHandshakes(retry.Attempt + 1, Random.Shared.NextDouble());
        _retries[tunnel.ProxyId] = new Retry(retry.Attempt + 1, next);
        Say(tunnel, await handshake.RenewAsync(tunnel, cancellationToken));
    }

    private void Say(Tunnel tunnel, bool answers)
    {
        if (answers)
            _retries.TryRemove(tunnel.ProxyId, out _);
        if (answers && tunnel.Lost)
        {
            meters.Restored();
            inbox.Post(new WorkerEvent.Answered(tunnel.ProxyId));
        }
        else if (!answers && !tunnel.Lost)
        {
            meters.Lost();
            inbox.Post(new WorkerEvent.FellSilent(tunnel.ProxyId));
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
