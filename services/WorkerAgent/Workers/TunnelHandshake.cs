using Vprox.WireGuard;
using Vprox.WorkerAgent.Adapters.Kernel;
using Vprox.WorkerAgent.Adapters.Nodes;
using Vprox.WorkerAgent.Core;

namespace Vprox.WorkerAgent.Workers;

/// <summary>Makes handshakes happen and knows whether one did.</summary>
public sealed class TunnelHandshake(IWorkerKernel kernel, IEchoProbe echo)
{
    private const int ProofTries = 10;
    private const int Tries = 4;
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(200);

    /// <summary>True when the server answers through a tunnel that had a handshake. The first ping starts it.</summary>
    public async Task<bool> ProveAsync(Tunnel tunnel, CancellationToken cancellationToken)
    {
        if (WorkerState.DesiredTunnelOf(tunnel) is not { } path)
            return false;
        return await echo.AnswersAsync(path.Slot, path.Gateway, ProofTries, Patience, cancellationToken)
            && await kernel.DeviceAsync(path.Slot, cancellationToken) is { } device
            && device.Peers.Any(peer => peer.PublicKey == path.ServerPublicKey && peer.LastHandshake is not null);
    }

    /// <summary>True when the server answers within <see cref="Tries"/> tries.</summary>
    public Task<bool> AnswersAsync(DesiredTunnel path, CancellationToken cancellationToken) =>
        echo.AnswersAsync(path.Slot, path.Gateway, Tries, Patience, cancellationToken);

    /// <summary>Looks once; when nothing answers, begins a new session and looks again.</summary>
    public async Task<bool> RenewAsync(Tunnel tunnel, CancellationToken cancellationToken)
    {
        if (WorkerState.DesiredTunnelOf(tunnel) is not { } path)
            return false;
        if (await echo.AnswersAsync(path.Slot, path.Gateway, tries: 1, Glance, cancellationToken))
            return true;
        try
        {
            await kernel.ConfigureAsync(path.Slot, DevicePlan.Renew(path), cancellationToken);
        }
        catch (WireGuardException)
        {
            // The interface is not there; the loop makes it again.
            return false;
        }
        return await AnswersAsync(path, cancellationToken);
    }
}
