using Vprox.Addressing;
using Vprox.WireGuard;

namespace Vprox.WorkerAgent.Core;

/// <summary>What to change on a tunnel's WireGuard interface, so that a running session is never disturbed without need.</summary>
public static class DevicePlan
{
    private static readonly Ipv4Prefix[] Everything = [Ipv4Prefix.Parse("0.0.0.0/0")];

    /// <summary>The change, or null when the device is as it should be.</summary>
    public static DeviceConfig? Change(DesiredTunnel tunnel, Device? device)
    {
        var key = device?.PrivateKey is not null && device.PrivateKey.Equals(tunnel.PrivateKey) ? null : tunnel.PrivateKey;
        var peer = device?.Peers.FirstOrDefault(each => each.PublicKey == tunnel.ServerPublicKey);
        var peers = new List<PeerConfig>();
        if (peer is null || !tunnel.Endpoint.Equals(peer.Endpoint) || !peer.AllowedIps.SequenceEqual(Everything))
            peers.Add(PeerOf(tunnel));
        foreach (var stranger in device?.Peers.Where(each => each.PublicKey != tunnel.ServerPublicKey) ?? [])
            peers.Add(new PeerConfig { PublicKey = stranger.PublicKey, Remove = true });
        return key is null && peers.Count == 0 ? null : new DeviceConfig { PrivateKey = key, Peers = peers };
    }

    /// <summary>
    /// Forgets the session and begins anew: the next packet starts a handshake, whatever timers the old session had (measured 0.1-0.45 s
    /// after an address moved to another node).
    /// </summary>
    public static DeviceConfig Renew(DesiredTunnel tunnel) => new()
    {
        Peers = [new PeerConfig { PublicKey = tunnel.ServerPublicKey, Remove = true }, PeerOf(tunnel)],
    };

    private static PeerConfig PeerOf(DesiredTunnel tunnel) => new()
    {
        PublicKey = tunnel.ServerPublicKey,
        Endpoint = tunnel.Endpoint,
        ReplaceAllowedIps = true,
        AllowedIps = Everything,
    };
}
