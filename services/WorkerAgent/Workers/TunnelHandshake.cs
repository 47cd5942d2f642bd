using System.Collections.Concurrent;
using Vprox.WireGuard;
using Vprox.WorkerAgent.Adapters.Kernel;
using Vprox.WorkerAgent.Adapters.Nodes;
using Vprox.WorkerAgent.Core;

namespace Vprox.WorkerAgent.Workers;

/// <summary>Makes handshakes happen and knows whether one did.</summary>
public sealed class TunnelHandshake(IWorkerKernel kernel, IEchoProbe echo, WorkerMeters meters, TimeProvider time)
{
    // The first ping starts the handshake and may be lost with it: an interface that has just been set up is not always ready. Whoever waits for a
    // container's start waits for this, so the next ones follow quickly at first; an answer to any of them counts.
    private static readonly TimeSpan[] Proof = [.. ((int[])[20, 40, 80, 160, 320, 500, 500, 500, 500, 500, 500, 500, 500]).Select(wait => TimeSpan.FromMilliseconds(wait))];
    private static readonly TimeSpan[] Tries = [.. Enumerable.Repeat(TimeSpan.FromMilliseconds(500), 4)];
    private static readonly TimeSpan[] Glances = [.. Enumerable.Repeat(TimeSpan.FromMilliseconds(100), 3)];
    private static readonly TimeSpan[] SoonAfterRenewal = [.. Enumerable.Repeat(TimeSpan.FromMilliseconds(300), 3)];
    private static readonly TimeSpan BetweenRenewals = TimeSpan.FromMilliseconds(500);

    // A thousand workers of one node do not begin in the same millisecond.
    private static readonly TimeSpan Spread = TimeSpan.FromMilliseconds(50);

    private readonly ConcurrentDictionary<int, long> _renewedAt = new();
    private readonly HandshakePace _pace = new();

    /// <summary>True when the server answers through a tunnel that had a handshake. The first ping starts it.</summary>
    public async Task<bool> ProveAsync(Tunnel tunnel, CancellationToken cancellationToken)
    {
        if (WorkerState.DesiredTunnelOf(tunnel) is not { } path)
            return false;
        return await echo.AnswersAsync(path.Slot, path.Gateway, Proof, cancellationToken)
            && await kernel.DeviceAsync(path.Slot, cancellationToken) is { } device
            && device.Peers.Any(peer => peer.PublicKey == path.ServerPublicKey && peer.LastHandshake is not null);
    }

    /// <summary>True when the server answers within four tries of half a second.</summary>
    public Task<bool> AnswersAsync(DesiredTunnel path, CancellationToken cancellationToken) =>
        echo.AnswersAsync(path.Slot, path.Gateway, Tries, cancellationToken);

    /// <summary>True when the server answers within a moment.</summary>
    public Task<bool> GlanceAsync(DesiredTunnel path, CancellationToken cancellationToken) =>
        echo.AnswersAsync(path.Slot, path.Gateway, Glances, cancellationToken);

    /// <summary>
    /// Looks for a moment, in which a node that has just got the address starts the handshake itself; when nothing answers, begins a new session and
    /// looks again.
    /// </summary>
    public async Task<bool> RenewAsync(Tunnel tunnel, CancellationToken cancellationToken)
    {
        if (WorkerState.DesiredTunnelOf(tunnel) is not { } path)
            return false;
        if (await GlanceAsync(path, cancellationToken))
            return true;
        // Two who would renew the same session would each end the other's.
        if (_renewedAt.TryGetValue(path.Slot, out var before) && time.GetElapsedTime(before) < BetweenRenewals)
            return await AnswersSoonAsync(path, cancellationToken);
        _renewedAt[path.Slot] = time.GetTimestamp();
        await Task.Delay(_pace.Next(time.GetUtcNow()) + (Spread * Random.Shared.NextDouble()), time, cancellationToken);
        try
        {
            await kernel.ConfigureAsync(path.Slot, DevicePlan.Renew(path), cancellationToken);
            meters.Renewed();
        }
        catch (WireGuardException)
        {
            // The interface is not there; the loop makes it again.
            return false;
        }
        return await AnswersSoonAsync(path, cancellationToken);
    }

    // WireGuard repeats an initiation that was lost after 5 s only (REKEY_TIMEOUT): whoever renews again is faster than who waits.
    private Task<bool> AnswersSoonAsync(DesiredTunnel path, CancellationToken cancellationToken) =>
        echo.AnswersAsync(path.Slot, path.Gateway, SoonAfterRenewal, cancellationToken);
}
