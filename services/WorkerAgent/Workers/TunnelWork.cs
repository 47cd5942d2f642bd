using System.Collections.Concurrent;
using System.Net;
using Vprox.Bus.Messaging;
using Vprox.Contracts;
using Vprox.WireGuard;
using Vprox.WorkerAgent.Adapters.Kernel;
using Vprox.WorkerAgent.Adapters.Nodes;
using Vprox.WorkerAgent.Core;

namespace Vprox.WorkerAgent.Workers;

/// <summary>Does what is due for tunnels outside the kernel: asks the Allocator, asks nodes, starts handshakes. One duty per tunnel at a time.</summary>
public sealed class TunnelWork(
    WorkerInbox inbox, IMessageRequester allocator, INodeClient nodes, IWorkerKernel kernel, TunnelHandshake handshake,
    WorkerAgentOptions options, TimeProvider time, ILogger<TunnelWork> logger)
{
    private static readonly TimeSpan SoonestAfterFailure = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan SoonestAfterRefusal = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<string, bool> _busy = new();
    private Task _spare = Task.CompletedTask;

    /// <summary>Begins the duties of tunnels that nobody is at work for.</summary>
    public void Begin(IReadOnlyList<Duty> duties, CancellationToken cancellationToken)
    {
        foreach (var duty in duties.Where(duty => _busy.TryAdd(duty.Tunnel.ProxyId, true)))
            _ = DoAsync(duty, cancellationToken);
    }

    /// <summary>Makes the interface that the next tunnel will take.</summary>
    public void KeepSpare(int slot, CancellationToken cancellationToken)
    {
        if (_spare.IsCompleted)
            _spare = KeepSpareAsync(slot, cancellationToken);
    }

    private async Task KeepSpareAsync(int slot, CancellationToken cancellationToken)
    {
        // Its start and its end are changes of the kernel, after which the next attempt would follow at once.
        if (!await PrepareAsync(slot, cancellationToken))
            await Task.Delay(SoonestAfterRefusal, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task DoAsync(Duty duty, CancellationToken cancellationToken)
    {
        var proxyId = duty.Tunnel.ProxyId;
        try
        {
            // The loop must not wait, not even for the first call.
            await Task.Yield();
            var outcome = await OutcomeAsync(duty, cancellationToken);
            // Taken in first, free afterwards: otherwise the same duty would begin again in between.
            await inbox.PostAsync(outcome, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The next start carries on from the journal.
        }
        catch (Exception unexpected)
        {
            logger.DutyFailed(unexpected, proxyId);
            inbox.Post(Failed(duty.Tunnel, ContainerRefusedCode.Unreachable, unexpected.Message));
        }
        finally
        {
            _busy.TryRemove(proxyId, out _);
            inbox.Post(new WorkerEvent.Tick());
        }
    }

    private Task<WorkerEvent> OutcomeAsync(Duty duty, CancellationToken cancellationToken) => duty switch
    {
        Duty.AskForGrant ask => AskForFirstAsync(ask.Tunnel, ask.WorkspaceId, cancellationToken),
        Duty.ConnectToNode connect => ConnectAsync(connect.Tunnel, cancellationToken),
        Duty.ProveHandshake prove => ProveAsync(prove.Tunnel, cancellationToken),
        Duty.Reconnect reconnect => ReconnectAsync(reconnect.Tunnel, cancellationToken),
        Duty.RenewGrant renew => RenewAsync(renew.Tunnel, cancellationToken),
        Duty.ChangePorts change => ChangePortsAsync(change.Tunnel, cancellationToken),
        Duty.Disconnect disconnect => DisconnectAsync(disconnect.Tunnel, cancellationToken),
        _ => throw new InvalidOperationException($"no way to do {duty.GetType().Name}"),
    };

    private Task<WorkerEvent> AskForFirstAsync(Tunnel tunnel, string? workspaceId, CancellationToken cancellationToken)
    {
        // Nobody waits for it here: should it be there too late or not at all, the loop makes it.
        _ = PrepareAsync(tunnel.Slot!.Value, cancellationToken);
        return AskAsync(tunnel, workspaceId, cancellationToken);
    }

    private async Task<bool> PrepareAsync(int slot, CancellationToken cancellationToken)
    {
        try
        {
            await kernel.PrepareAsync(slot, cancellationToken);
            return true;
        }
        catch (Exception failed) when (failed is WireGuardException or OperationCanceledException)
        {
            // The loop will say so, if a tunnel comes to need it.
            return false;
        }
    }

    private async Task<WorkerEvent> AskAsync(Tunnel tunnel, string? workspaceId, CancellationToken cancellationToken)
    {
        var request = new RequestGrant
        {
            ProxyId = tunnel.ProxyId,
            WorkspaceId = workspaceId,
            WorkerId = options.WorkerId,
            PeerPublicKey = tunnel.PrivateKey.PublicKey().ToString(),
            Address = tunnel.Grant?.Address.ToString(),
            Blocks = tunnel.Ports.Wanted > 0 ? tunnel.Ports.Wanted : null,
            ReturnedInnerAddresses = [.. tunnel.Ports.Returning.Select(address => address.ToString())],
        };
        try
        {
            var (issued, refused) = await allocator.RequestAsync<RequestGrant, GrantIssued, GrantRefused>(request, cancellationToken);
            if (refused is not null)
                return new WorkerEvent.GrantRefused(tunnel.ProxyId, workspaceId, new Refusal(refused.Code, refused.Reason));
            return TunnelGrant.TryParse(issued!, time.GetUtcNow(), out var grant, out var fault)
                ? new WorkerEvent.Granted(tunnel.ProxyId, grant)
                : Failed(tunnel, ContainerRefusedCode.Unreachable, $"the Allocator's grant cannot be used: {fault}");
        }
        catch (NoAnswerException away)
        {
            return Failed(tunnel, ContainerRefusedCode.Unreachable, $"the Allocator gave no grant: {away.Message}");
        }
    }

    private async Task<WorkerEvent> ConnectAsync(Tunnel tunnel, CancellationToken cancellationToken)
    {
        var grant = tunnel.Grant!;
        // This grant may name what is being given back, and what another tunnel has by now.
        IReadOnlyList<IPAddress> only = tunnel is { Connection: { } before, Ports.Returning.IsEmpty: false } ? tunnel.Ports.Held(before) : [];
        if (grant.ExpiresAt <= time.GetUtcNow())
            return Rejected(tunnel, "the grant has ended");
        return await nodes.ConnectAsync(grant, tunnel.PrivateKey.PublicKey(), only, cancellationToken) switch
        {
            NodeReply.Accepted accepted => NodeConnection.TryParse(accepted.Answer, grant, out var connection, out var fault)
                ? new WorkerEvent.Connected(tunnel.ProxyId, connection)
                : Failed(tunnel, ContainerRefusedCode.ConnectRefused, $"the node's answer cannot be used: {fault}"),
            NodeReply.Unauthorized unauthorized => Rejected(tunnel, unauthorized.Reason),
            NodeReply.Busy busy => Failed(tunnel, ContainerRefusedCode.Unreachable, busy.Reason, busy.RetryAfter),
            NodeReply.Unreachable unreachable => Failed(tunnel, ContainerRefusedCode.Unreachable, unreachable.Reason),
            NodeReply.Refused refused when tunnel.Phase == TunnelPhase.Proven => Failed(tunnel, ContainerRefusedCode.ConnectRefused, refused.Reason),
            NodeReply.Refused refused => new WorkerEvent.ConnectRefused(tunnel.ProxyId, new Refusal(ContainerRefusedCode.ConnectRefused, refused.Reason)),
            var other => throw new InvalidOperationException($"unknown reply {other.GetType().Name}"),
        };
    }

    private async Task<WorkerEvent> ProveAsync(Tunnel tunnel, CancellationToken cancellationToken) =>
        await handshake.ProveAsync(tunnel, cancellationToken)
            ? new WorkerEvent.Answered(tunnel.ProxyId)
            : Failed(tunnel, ContainerRefusedCode.Unreachable, "no WireGuard handshake happened");

    private async Task<WorkerEvent> ReconnectAsync(Tunnel tunnel, CancellationToken cancellationToken)
    {
        if (await handshake.RenewAsync(tunnel, cancellationToken))
            return new WorkerEvent.Answered(tunnel.ProxyId);
        // The node may have lost the peer, or another node has the address now: the same grant is good there.
        var outcome = await ConnectAsync(tunnel, cancellationToken);
        if (outcome is not WorkerEvent.Connected connected)
            return outcome;
        await inbox.PostAsync(connected, cancellationToken);
        return await handshake.RenewAsync(tunnel with { Connection = connected.Connection }, cancellationToken)
            ? new WorkerEvent.Answered(tunnel.ProxyId)
            : Failed(tunnel, ContainerRefusedCode.Unreachable, "the node connected, but no handshake happened");
    }

    private async Task<WorkerEvent> RenewAsync(Tunnel tunnel, CancellationToken cancellationToken)
    {
        var outcome = await AskAsync(tunnel, workspaceId: null, cancellationToken);
        if (outcome is not WorkerEvent.Granted granted)
            return outcome;
        await inbox.PostAsync(granted, cancellationToken);
        // The new grant names nothing that was given back.
        return await ConnectAsync(tunnel with { Grant = granted.Grant, Ports = TunnelPorts.AsGranted }, cancellationToken);
    }

    private async Task<WorkerEvent> ChangePortsAsync(Tunnel tunnel, CancellationToken cancellationToken) => await RenewAsync(tunnel, cancellationToken) switch
    {
        WorkerEvent.Connected connected => connected,
        WorkerEvent.GrantRefused refused => NotNow(tunnel, refused.Refusal, SoonestAfterRefusal),
        WorkerEvent.GrantRejected rejected => NotNow(tunnel, rejected.Refusal, rejected.Delay),
        WorkerEvent.AttemptFailed failed => NotNow(tunnel, failed.Refusal, failed.Delay),
        var other => throw new InvalidOperationException($"no answer to a change of ports is {other.GetType().Name}"),
    };

    private async Task<WorkerEvent> DisconnectAsync(Tunnel tunnel, CancellationToken cancellationToken)
    {
        if (tunnel.Grant is { } grant && await nodes.DisconnectAsync(grant, tunnel.PrivateKey.PublicKey(), cancellationToken) is { } unheard)
            logger.DisconnectUnheard(tunnel.ProxyId, unheard);
        return new WorkerEvent.Disconnected(tunnel.ProxyId);
    }

    // The tunnel runs on with the blocks it has; nothing else of it waits for this.
    private static WorkerEvent.PortsRefused NotNow(Tunnel tunnel, Refusal refusal, TimeSpan delay) =>
        new(tunnel.ProxyId, refusal.Reason, delay > SoonestAfterFailure ? delay : SoonestAfterFailure);

    private static WorkerEvent.AttemptFailed Failed(Tunnel tunnel, string code, string reason, TimeSpan? atLeast = null) =>
        new(tunnel.ProxyId, new Refusal(code, reason), Backoff.Delay(tunnel.Attempt + 1, Random.Shared.NextDouble(), atLeast));

    private static WorkerEvent.GrantRejected Rejected(Tunnel tunnel, string reason) =>
        new(tunnel.ProxyId, new Refusal(ContainerRefusedCode.ConnectRefused, reason), Backoff.Delay(tunnel.Attempt + 1, Random.Shared.NextDouble()));
}
