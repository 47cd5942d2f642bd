using System.Net;
using Vprox.Contracts;
using Vprox.NodeAgent.Core;
using Vprox.NodeAgent.Core.DataPlane;
using Vprox.NodeAgent.Core.Peers;
using Vprox.NodeAgent.Core.Placements;
using Vprox.WireGuard;

namespace Vprox.NodeAgent.Workers;

/// <summary>Connects and removes peers: in the table, in the kernel, and on the bus.</summary>
public sealed class Tunnels(
    NodeState state, INodeDataPlane dataPlane, KernelGate kernel, EventQueue events, Signals signals, NodeAgentOptions options, TimeProvider time, ILogger<Tunnels> logger)
{
    /// <summary>Connects a peer. When it returns Connected the peer is in the kernel: the answer means that it works.</summary>
    /// <exception cref="WireGuardException">The kernel refused; nothing changed.</exception>
    public Task<ConnectOutcome> ConnectAsync(Placement placement, ConnectRequest request, CancellationToken cancellationToken) => kernel.RunAsync(async () =>
    {
        var outcome = state.Connect(placement.Address, placement.Inner, request, time.GetUtcNow());
        if (outcome is not ConnectOutcome.Connected connected)
            return outcome;
        try
        {
            foreach (var displaced in connected.Displaced)
                await dataPlane.RemovePeerAsync(placement.ListenPort, displaced.PublicKey, cancellationToken).ConfigureAwait(false);
            // Who connects starts the handshake: no endpoint is needed.
            var desired = DesiredNodeBuilder.ToDesired(connected.Peer) with { Endpoint = null };
            await dataPlane.SetPeerAsync(placement.ListenPort, desired, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            state.Undo(placement.Address, connected);
            logger.PeerRefused(request.PublicKey.ToString(), placement.Message.Address, e.Message);
            throw;
        }
        foreach (var displaced in connected.Displaced)
            SayRemoved(placement, displaced.PublicKey, "expired");
        SayAdded(placement, connected);
        if (connected.Peer.Endpoint is null)
            signals.Peers.Raise();
        return outcome;
    }, cancellationToken);

    /// <summary>Removes a peer; removing one that is not there changes nothing.</summary>
    public Task<bool> RemoveAsync(Placement placement, WireGuardKey key, string reason, CancellationToken cancellationToken) => kernel.RunAsync(async () =>
    {
        await dataPlane.RemovePeerAsync(placement.ListenPort, key, cancellationToken).ConfigureAwait(false);
        var removed = state.RemovePeer(placement.Address, key);
        if (removed)
            SayRemoved(placement, key, reason);
        return removed;
    }, cancellationToken);

    /// <summary>Says where peers are, when they have moved, and removes those that are idle.</summary>
    public async Task WatchAsync(CancellationToken cancellationToken)
    {
        var devices = (await kernel.RunAsync(() => dataPlane.ReadDevicesAsync(cancellationToken), cancellationToken).ConfigureAwait(false))
            .ToDictionary(device => device.ListenPort);
        // An address about to leave keeps its peers: they are idle only because it is leaving.
        foreach (var placement in state.Serving)
        {
            if (!devices.TryGetValue(placement.ListenPort, out var device))
                continue;
            foreach (var peer in state.Observe(placement.Address, device))
                events.Add(Added(placement, peer));
            foreach (var key in state.IdlePeersOf(placement.Address, device, options.IdlePeerAfter, time.GetUtcNow()))
                await RemoveAsync(placement, key, "idle", cancellationToken).ConfigureAwait(false);
        }
    }

    private void SayAdded(Placement placement, ConnectOutcome.Connected connected)
    {
        // A worker that asks again and again with the same grant is told the same each time; the log need not be.
        if (connected.Before is null || !connected.Before.InnerAddresses.SequenceEqual(connected.Peer.InnerAddresses))
            logger.PeerConnected(connected.Peer.PublicKey.ToString(), placement.Message.Address, string.Join(", ", connected.Peer.InnerAddresses));
        events.Add(Added(placement, connected.Peer));
    }

    private PeerAdded Added(Placement placement, TunnelPeer peer) => new()
    {
        Address = placement.Message.Address,
        NodeId = state.NodeId,
        PublicKey = peer.PublicKey.ToString(),
        InnerAddresses = [.. peer.InnerAddresses.Select(address => address.ToString())],
        Endpoint = peer.Endpoint?.ToString(),
        At = time.GetUtcNow(),
    };

    private void SayRemoved(Placement placement, WireGuardKey key, string reason)
    {
        logger.PeerRemoved(key.ToString(), placement.Message.Address, reason);
        events.Add(new PeerRemoved
        {
            Address = placement.Message.Address,
            NodeId = state.NodeId,
            PublicKey = key.ToString(),
            Reason = reason,
            At = time.GetUtcNow(),
        });
    }
}
