using Vprox.WireGuard;

namespace Vprox.NodeAgent.Core.Peers;

/// <summary>Which peers shall leave. WireGuard makes a handshake every two minutes while anything is sent (whitepaper, section 6.1).</summary>
public static class LeavingPeers
{
    /// <summary>WireGuard's REJECT_AFTER_TIME: with an older handshake a peer has no session (whitepaper, section 6.1).</summary>
    public static readonly TimeSpan SessionLife = TimeSpan.FromSeconds(180);

    /// <summary>
    /// The peers that are idle: without a handshake for <paramref name="idleAfter"/>, counted from the latest of the last handshake, its connect,
    /// and the address's arrival on this node (before it no handshake could come). One whose lease has ended as well leaves as soon as it has no
    /// session; while it has one it stays, for the Allocator may be down and its worker cannot renew.
    /// </summary>
    public static IReadOnlyList<LeavingPeer> Find(
        IReadOnlyList<TunnelPeer> peers, Device device, DateTimeOffset arrivedAt, TimeSpan idleAfter, DateTimeOffset now)
    {
        var handshakes = new Dictionary<WireGuardKey, DateTimeOffset?>(device.Peers.Count);
        foreach (var peer in device.Peers)
            handshakes[peer.PublicKey] = peer.LastHandshake;
        var leaving = new List<LeavingPeer>();
        foreach (var peer in peers)
        {
            var idle = now - Latest(peer.Since, arrivedAt, handshakes.GetValueOrDefault(peer.PublicKey) ?? DateTimeOffset.MinValue);
            if (idle > idleAfter)
                leaving.Add(new LeavingPeer(peer.PublicKey, "idle"));
            else if (idle > SessionLife && peer.LeaseExpiresAt <= now)
                leaving.Add(new LeavingPeer(peer.PublicKey, "expired"));
        }
        return leaving;
    }

    private static DateTimeOffset Latest(DateTimeOffset one, DateTimeOffset two, DateTimeOffset three)
    {
        var latest = one > two ? one : two;
        return latest > three ? latest : three;
    }
}
