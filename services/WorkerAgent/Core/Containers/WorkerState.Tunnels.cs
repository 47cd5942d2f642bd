using Vprox.Contracts;

namespace Vprox.WorkerAgent.Core;

public sealed partial record WorkerState
{
    private static readonly TimeSpan RenewRetry = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan PortsRetry = TimeSpan.FromSeconds(3);

    private static Tunnel Grant(Tunnel tunnel, TunnelGrant grant, DateTimeOffset now) => tunnel.Succeeded(now) with
    {
        // A tunnel has one address for life; another one is another tunnel.
        Grant = tunnel.Grant is null || tunnel.Grant.Address.Equals(grant.Address) ? grant : tunnel.Grant,
        RenewAt = grant.RenewAt,
        Phase = tunnel.Phase == TunnelPhase.Wanted ? TunnelPhase.Granted : tunnel.Phase,
    };

    // Only a handshake proves that the node is of use: one that agrees while UDP does not pass is asked ever less often.
    private static Tunnel Connect(Tunnel tunnel, NodeConnection answered, DateTimeOffset now)
    {
        var connection = answered.InOrderOf(tunnel.Connection);
        var ports = tunnel.Ports.With(connection);
        return tunnel with
        {
            NextAttempt = now,
            LastFailure = null,
            Connection = connection,
            Ports = ports,
            // Fewer than were wanted: others have the rest, and may give some back.
            NextPorts = ports.NeedsGrant(connection) ? now + PortsRetry : now,
            PortsRefusal = ports.Wanted > 0 ? "no further block of the address is free" : null,
            Phase = tunnel.Phase == TunnelPhase.Proven ? TunnelPhase.Proven : TunnelPhase.Connected,
        };
    }

    // The plan was made from a look at what may have changed since; what is being given back stays so until a grant says otherwise.
    private static Tunnel Plan(Tunnel tunnel, TunnelPorts planned) => tunnel.Connection is { } connection
        ? tunnel with { Ports = (planned with { Returning = planned.Returning.Union(tunnel.Ports.Returning) }).With(connection) }
        : tunnel;

    private static Tunnel Prove(Tunnel tunnel, DateTimeOffset now) => tunnel.Phase is TunnelPhase.Connected or TunnelPhase.Proven
        ? tunnel.Succeeded(now) with { Phase = TunnelPhase.Proven, Lost = false }
        : tunnel;

    private static Tunnel RejectGrant(Tunnel tunnel, WorkerEvent.GrantRejected rejected, DateTimeOffset now)
    {
        var failed = tunnel.Failed(rejected.Refusal, now + rejected.Delay);
        // What runs keeps its grant until there is a better one.
        return tunnel.Phase == TunnelPhase.Proven
            ? failed with { RenewAt = now }
            : failed with { Phase = TunnelPhase.Wanted, Grant = null, Connection = null };
    }

    private static Tunnel Fail(Tunnel tunnel, WorkerEvent.AttemptFailed failure, DateTimeOffset now)
    {
        var failed = tunnel.Failed(failure.Refusal, now + failure.Delay);
        return tunnel.Phase switch
        {
            // No handshake: perhaps the node has lost the peer again, so ask it anew.
            TunnelPhase.Connected => failed with { Phase = TunnelPhase.Granted },
            // A renewal that failed must not keep a lost tunnel from reconnecting with the grant it has.
            TunnelPhase.Proven when tunnel.RenewAt <= now => failed with { RenewAt = now + RenewRetry },
            _ => failed,
        };
    }

    private WorkerState RefuseGrant(WorkerEvent.GrantRefused refused)
    {
        if (!Tunnels.TryGetValue(refused.ProxyId, out var tunnel))
            return this;
        if (tunnel.Phase == TunnelPhase.Proven)
            return Change(refused.ProxyId, each => each with { RenewAt = DateTimeOffset.MaxValue, LastFailure = refused.Refusal });
        var sameWorkspaceOnly = refused.Refusal.Code == ContainerRefusedCode.ForeignProxy;
        return Refuse(container => container.ProxyId == refused.ProxyId && (!sameWorkspaceOnly || container.WorkspaceId == refused.WorkspaceId), refused.Refusal);
    }

    private WorkerState RefuseConnection(WorkerEvent.ConnectRefused refused) =>
        Refuse(container => container.ProxyId == refused.ProxyId, refused.Refusal);

    private WorkerState End(string proxyId, DateTimeOffset now)
    {
        if (!Tunnels.TryGetValue(proxyId, out var tunnel))
            return this;
        // A container came while the node was being told: it has to be told otherwise.
        return tunnel.IdleSince is null
            ? Change(proxyId, each => each with { Lost = each.Phase == TunnelPhase.Proven, NextAttempt = now })
            : this with { Tunnels = Tunnels.Remove(proxyId) };
    }

    /// <summary>What follows from the state and the time alone, whatever happened.</summary>
    private WorkerState Settle(DateTimeOffset now) => RefuseForeign().RefuseLate(now).Idle(now).Bury(now);

    private WorkerState RefuseForeign()
    {
        var state = this;
        foreach (var tunnel in Tunnels.Values.Where(tunnel => tunnel.Grant is not null))
        {
            state = state.Refuse(
                container => container.ProxyId == tunnel.ProxyId && container.WorkspaceId is not null && container.WorkspaceId != tunnel.Grant!.WorkspaceId,
                new(ContainerRefusedCode.ForeignProxy, $"Proxy {tunnel.ProxyId} belongs to another workspace."));
        }
        return state;
    }

    private WorkerState RefuseLate(DateTimeOffset now)
    {
        var state = this;
        foreach (var container in Containers.Values.Where(each => each.IsWaiting && each.ReceivedAt + Policy.RouteTimeout <= now))
        {
            var failure = Tunnels.GetValueOrDefault(container.ProxyId)?.LastFailure
                ?? new(ContainerRefusedCode.Unreachable, "the Allocator has not answered");
            state = state.Change(container.Refuse(failure with { Reason = $"No path within {Policy.RouteTimeout.TotalSeconds:0} s: {failure.Reason}" }));
        }
        return state;
    }

    private WorkerState Idle(DateTimeOffset now)
    {
        var wanted = Containers.Values.Where(container => container.Phase != ContainerPhase.Refused).Select(container => container.ProxyId).ToHashSet();
        var state = this;
        foreach (var tunnel in Tunnels.Values)
        {
            if (wanted.Contains(tunnel.ProxyId))
                state = tunnel.IdleSince is null ? state : state.Change(tunnel.ProxyId, each => each with { IdleSince = null });
            // What no node knows can be forgotten without telling anybody.
            else if (tunnel.Connection is null)
                state = state with { Tunnels = state.Tunnels.Remove(tunnel.ProxyId) };
            else if (tunnel.IdleSince is null)
                state = state.Change(tunnel.ProxyId, each => each with { IdleSince = now });
        }
        return state;
    }

    private WorkerState Bury(DateTimeOffset now)
    {
        var surplus = Tombstones.Count - Policy.TombstoneLimit;
        var old = Tombstones.Where(stone => stone.Value + Policy.TombstoneLife <= now).Select(stone => stone.Key);
        if (surplus > 0)
            old = old.Concat(Tombstones.OrderBy(stone => stone.Value).Take(surplus).Select(stone => stone.Key));
        return this with { Tombstones = Tombstones.RemoveRange(old.Distinct()) };
    }
}
