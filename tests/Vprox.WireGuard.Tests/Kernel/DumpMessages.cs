using System.Runtime.InteropServices;
using Vprox.Netlink;
using Vprox.WireGuard.Kernel;

namespace Vprox.WireGuard.Tests.Kernel;

/// <summary>
/// Writes a device the way the kernel dumps it (drivers/net/wireguard/netlink.c): what is the device's in the first message, then peers,
/// and a peer whose allowed IPs are cut goes on in the next message with key and allowed IPs alone.
/// </summary>
internal static class DumpMessages
{
    public static List<byte[]> Of(Device device, int peersPerMessage = 16, int allowedIpsPerPart = 8)
    {
        var parts = device.Peers.SelectMany(peer => Parts(peer, allowedIpsPerPart)).Chunk(peersPerMessage).ToList();
        if (parts.Count == 0)
            parts.Add([]);
        return [.. parts.Select((chunk, i) => Message(device, chunk, first: i == 0))];
    }

    private static IEnumerable<(Peer Peer, bool First)> Parts(Peer peer, int allowedIps) => peer.AllowedIps.Count <= allowedIps
        ? [(peer, true)]
        : peer.AllowedIps.Chunk(allowedIps).Select((chunk, i) => (peer with { AllowedIps = chunk }, i == 0));

    private static byte[] Message(Device device, (Peer Peer, bool First)[] peers, bool first)
    {
        var writer = new NetlinkWriter();
        writer.Text(Uapi.WGDEVICE_A_IFNAME, device.Name);
        if (first)
        {
            writer.U16(Uapi.WGDEVICE_A_LISTEN_PORT, (ushort)device.ListenPort);
            writer.U32(Uapi.WGDEVICE_A_FWMARK, device.FirewallMark);
            if (device.PrivateKey is not null)
                writer.Bytes(Uapi.WGDEVICE_A_PRIVATE_KEY, device.PrivateKey.Bytes);
        }
        using (writer.Nested(Uapi.WGDEVICE_A_PEERS))
            foreach (var (peer, whole) in peers)
                Write(writer, peer, whole);
        return writer.Written.ToArray();
    }

    private static void Write(NetlinkWriter writer, Peer peer, bool whole)
    {
        using var nesting = writer.Nested(0);
        writer.Bytes(Uapi.WGPEER_A_PUBLIC_KEY, peer.PublicKey.ToArray());
        if (whole)
        {
            ReadOnlySpan<long> timespec = [peer.LastHandshake?.ToUnixTimeSeconds() ?? 0, (peer.LastHandshake?.Ticks ?? 0) % 10_000_000 * 100];
            writer.Bytes(Uapi.WGPEER_A_LAST_HANDSHAKE_TIME, MemoryMarshal.AsBytes(timespec));
            writer.U16(Uapi.WGPEER_A_PERSISTENT_KEEPALIVE_INTERVAL, (ushort)(peer.PersistentKeepalive?.TotalSeconds ?? 0));
            writer.U64(Uapi.WGPEER_A_TX_BYTES, (ulong)peer.SentBytes);
            writer.U64(Uapi.WGPEER_A_RX_BYTES, (ulong)peer.ReceivedBytes);
            if (peer.Endpoint is { } endpoint)
                writer.Bytes(Uapi.WGPEER_A_ENDPOINT, SockAddr.Encode(endpoint));
        }
        using var allowedIps = writer.Nested(Uapi.WGPEER_A_ALLOWEDIPS);
        foreach (var prefix in peer.AllowedIps)
            using (writer.Nested(0))
            {
                writer.U8(Uapi.WGALLOWEDIP_A_CIDR_MASK, prefix.Length);
                writer.U16(Uapi.WGALLOWEDIP_A_FAMILY, Uapi.AF_INET);
                writer.Address(Uapi.WGALLOWEDIP_A_IPADDR, prefix.Network);
            }
    }
}
