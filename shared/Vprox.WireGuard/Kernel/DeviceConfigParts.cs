namespace Vprox.WireGuard.Kernel;

/// <summary>
/// Splits a change into several that fit a message each, as linux/wireguard.h asks: what is the device's, and REPLACE_PEERS, is in the
/// first alone; a peer whose allowed IPs go over into another part brings nothing else there.
/// </summary>
internal static class DeviceConfigParts
{
    /// <summary>Bytes for peers in a message. A nested attribute ends at 64 KiB, a socket's send buffer at about 200 KiB (net.core.wmem_default).</summary>
    public const int Limit = 32 << 10;

    /// <summary>What one allowed IP and, at most, the rest of a peer take in a message.</summary>
    public const int AllowedIpSize = 28, PeerSize = 96;

    /// <summary>One part or more.</summary>
    public static IEnumerable<DeviceConfig> Split(DeviceConfig config)
    {
        var part = new List<PeerConfig>();
        var room = Limit;
        var first = true;
        foreach (var peer in config.Peers)
        {
            var rest = peer;
            while (true)
            {
                if (room < PeerSize + AllowedIpSize)
                {
                    yield return Part(config, part, first);
                    (part, room, first) = ([], Limit, false);
                }
                var count = Math.Min(rest.AllowedIps.Count, (room - PeerSize) / AllowedIpSize);
                room -= PeerSize + (count * AllowedIpSize);
                if (count == rest.AllowedIps.Count)
                {
                    part.Add(rest);
                    break;
                }
                part.Add(rest with { AllowedIps = [.. rest.AllowedIps.Take(count)] });
                // The part before has made the peer; should somebody have removed it since, it stays so.
                rest = new PeerConfig { PublicKey = peer.PublicKey, UpdateOnly = true, AllowedIps = [.. rest.AllowedIps.Skip(count)] };
            }
        }
        if (first || part.Count > 0)
            yield return Part(config, part, first);
    }

    private static DeviceConfig Part(DeviceConfig config, List<PeerConfig> peers, bool first) =>
        first ? config with { Peers = peers } : new DeviceConfig { Peers = peers };
}
