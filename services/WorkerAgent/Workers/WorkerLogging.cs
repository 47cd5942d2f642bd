using Vprox.WorkerAgent.Core;

namespace Vprox.WorkerAgent.Workers;

/// <summary>Says what happened, as it is taken in.</summary>
internal static class WorkerLogging
{
    public static void Log(ILogger logger, WorkerState state, WorkerEvent happened)
    {
        switch (happened)
        {
            case WorkerEvent.Started { Container: var container } when state.Tombstones.ContainsKey(container.Id):
                logger.ContainerStartedLate(container.Id);
                break;
            case WorkerEvent.Stopped stopped when state.Containers.ContainsKey(stopped.ContainerId):
                logger.ContainerStopped(stopped.ContainerId);
                break;
            case WorkerEvent.Granted granted:
                logger.TunnelGranted(granted.ProxyId, granted.Grant.Address, granted.Grant.ExpiresAt);
                break;
            case WorkerEvent.Connected connected:
                logger.TunnelConnected(connected.ProxyId, connected.Connection.Endpoint.Address, connected.Connection.Blocks.Count);
                break;
            case WorkerEvent.GrantRefused refused:
                logger.TunnelRefused(refused.ProxyId, refused.Refusal.Code, refused.Refusal.Reason);
                break;
            case WorkerEvent.ConnectRefused refused:
                logger.TunnelRefused(refused.ProxyId, refused.Refusal.Code, refused.Refusal.Reason);
                break;
            case WorkerEvent.GrantRejected rejected:
                logger.TunnelFailed(rejected.ProxyId, rejected.Refusal.Reason, rejected.Delay.TotalMilliseconds);
                break;
            case WorkerEvent.AttemptFailed failed:
                logger.TunnelFailed(failed.ProxyId, failed.Refusal.Reason, failed.Delay.TotalMilliseconds);
                break;
            case WorkerEvent.FellSilent silent when state.Tunnels.TryGetValue(silent.ProxyId, out var tunnel) && tunnel.IsUsable:
                logger.TunnelFellSilent(silent.ProxyId);
                break;
            case WorkerEvent.Answered answered when state.Tunnels.TryGetValue(answered.ProxyId, out var tunnel):
                if (tunnel.Lost)
                    logger.TunnelRestored(answered.ProxyId);
                else if (tunnel is { Phase: TunnelPhase.Connected, Slot: { } slot })
                    logger.TunnelProven(answered.ProxyId, TunnelNames.Interface(slot));
                break;
            case WorkerEvent.PortsPlanned planned when state.Tunnels.TryGetValue(planned.ProxyId, out var tunnel):
                if (planned.Ports.Wanted > 0 && tunnel.Ports.Wanted == 0)
                    logger.BlocksWanted(planned.ProxyId, planned.Ports.Wanted, tunnel.Connection?.Blocks.Count ?? 0);
                if (planned.Ports.Returning.Except(tunnel.Ports.Returning) is { Count: > 0 } returned)
                    logger.BlocksReturned(planned.ProxyId, returned.Count);
                break;
            case WorkerEvent.PortsRefused refused:
                logger.BlocksRefused(refused.ProxyId, refused.Reason, refused.Delay.TotalMilliseconds);
                break;
            case WorkerEvent.Disconnected ended:
                logger.TunnelDisconnected(ended.ProxyId);
                break;
        }
    }
}
