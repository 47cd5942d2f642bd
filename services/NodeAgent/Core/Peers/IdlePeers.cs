using Vprox.WireGuard;

namespace Vprox.NodeAgent.Core.Peers;

/// <summary>Which peers are idle. WireGuard makes a handshake every two minutes while anything is sent (whitepaper, section 6.1).</summary>
public static class IdlePeers
{
    /// <summary>
    /// The peers without a handshake for <paramref name="idleAfter"/>, counted from the latest of: the last handshake, its connect, and the
    /// address's arrival on this node (before it no handshake could come).
    /// </summary>
    public static IReadOnlyList<WireGuardKey> Find(
        IReadOnlyList<TunnelPeer> peers, Device device, DateTimeOffset arrivedAt, TimeSpan idleAfter, DateTimeOffset now)
    {
        var handshakes = device.Peers.ToDictionary(peer => peer.PublicKey, peer => peer.LastHandshake);
        return [.. peers
            .Where(peer => now - Latest(peer.Since, arrivedAt, handshakes.GetValueOrDefault(peer.PublicKey) ?? DateTimeOffset.MinValue) > idleAfter)
            .Select(peer => peer.PublicKey)];
    }

    private static DateTimeOffset Latest(params ReadOnlySpan<DateTimeOffset> times)
    {
        var latest = DateTimeOffset.MinValue;
        foreach (var time in times)
            latest = time > latest ? time : latest;
        return latest;
    }
}
