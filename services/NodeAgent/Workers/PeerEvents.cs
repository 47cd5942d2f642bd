using Vprox.Contracts;
using Vprox.NodeAgent.Core;
using Vprox.NodeAgent.Core.Peers;
using Vprox.NodeAgent.Core.Placements;
using Vprox.WireGuard;

namespace Vprox.NodeAgent.Workers;

/// <summary>Says which peers come, move and go: on the bus and in the log. Whoever has the kernel says it, so that it is said in the order in which it is.</summary>
public sealed class PeerEvents(NodeState state, EventQueue events, TimeProvider time, ILogger<PeerEvents> logger)
{
    /// <summary>A peer has connected.</summary>
    public void SayConnected(Placement placement, ConnectOutcome.Connected connected)
    {
        foreach (var displaced in connected.Displaced)
            SayRemoved(placement, displaced.PublicKey, "expired");
        // A worker that asks again and again with the same grant is told the same each time; the log need not be.
        if (connected.Before is null || !connected.Before.InnerAddresses.SequenceEqual(connected.Peer.InnerAddresses))
            logger.PeerConnected(connected.Peer.PublicKey.ToString(), placement.Message.Address, string.Join(", ", connected.Peer.InnerAddresses));
        SaySeen(placement, connected.Peer);
    }

    /// <summary>A peer is where it is.</summary>
    public void SaySeen(Placement placement, TunnelPeer peer) => events.Add(new PeerAdded
    {
        Address = placement.Message.Address,
        NodeId = state.NodeId,
        PublicKey = peer.PublicKey.ToString(),
        InnerAddresses = [.. peer.InnerAddresses.Select(address => address.ToString())],
        Endpoint = peer.Endpoint?.ToString(),
        At = time.GetUtcNow(),
    });

    /// <summary>A peer is gone.</summary>
    public void SayRemoved(Placement placement, WireGuardKey key, string reason)
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

    /// <summary>The kernel did not take a peer.</summary>
    public void SayRefused(Placement placement, WireGuardKey key, string reason) => logger.PeerRefused(key.ToString(), placement.Message.Address, reason);
}
