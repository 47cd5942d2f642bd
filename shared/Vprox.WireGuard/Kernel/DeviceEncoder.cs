using Vprox.Addressing;
using Vprox.Netlink;

namespace Vprox.WireGuard.Kernel;

/// <summary>Writes the attributes of WG_CMD_SET_DEVICE; the tree stands in include/uapi/linux/wireguard.h.</summary>
internal static class DeviceEncoder
{
    /// <summary>One message's attributes. The change must fit: see <see cref="DeviceConfigParts"/>.</summary>
    public static void Write(NetlinkWriter writer, string name, DeviceConfig config)
    {
        writer.Text(Uapi.WGDEVICE_A_IFNAME, name);
        if (config.ReplacePeers)
            writer.U32(Uapi.WGDEVICE_A_FLAGS, Uapi.WGDEVICE_F_REPLACE_PEERS);
        if (config.PrivateKey is not null)
            writer.Bytes(Uapi.WGDEVICE_A_PRIVATE_KEY, config.PrivateKey.Bytes);
        if (config.ListenPort is { } port)
            writer.U16(Uapi.WGDEVICE_A_LISTEN_PORT, (ushort)port);
        if (config.FirewallMark is { } mark)
            writer.U32(Uapi.WGDEVICE_A_FWMARK, mark);
        if (config.Peers.Count == 0)
            return;
        using var peers = writer.Nested(Uapi.WGDEVICE_A_PEERS);
        foreach (var peer in config.Peers)
            Write(writer, peer);
    }

    private static void Write(NetlinkWriter writer, PeerConfig peer)
    {
        using var nesting = writer.Nested(0);
        writer.Bytes(Uapi.WGPEER_A_PUBLIC_KEY, peer.PublicKey.ToArray());
        if (Flags(peer) is not 0 and var flags)
            writer.U32(Uapi.WGPEER_A_FLAGS, flags);
        if (peer.Remove)
            return;
        if (peer.Endpoint is { } endpoint)
            writer.Bytes(Uapi.WGPEER_A_ENDPOINT, SockAddr.Encode(endpoint));
        if (peer.PersistentKeepalive is { } interval)
            writer.U16(Uapi.WGPEER_A_PERSISTENT_KEEPALIVE_INTERVAL, (ushort)interval.TotalSeconds);
        if (peer.AllowedIps.Count == 0)
            return;
        using var allowedIps = writer.Nested(Uapi.WGPEER_A_ALLOWEDIPS);
        foreach (var prefix in peer.AllowedIps)
            Write(writer, prefix);
    }

    private static void Write(NetlinkWriter writer, Ipv4Prefix prefix)
    {
        using var nesting = writer.Nested(0);
        writer.U16(Uapi.WGALLOWEDIP_A_FAMILY, Uapi.AF_INET);
        writer.Address(Uapi.WGALLOWEDIP_A_IPADDR, prefix.Network);
        writer.U8(Uapi.WGALLOWEDIP_A_CIDR_MASK, prefix.Length);
    }

    private static uint Flags(PeerConfig peer) =>
        peer.Remove ? Uapi.WGPEER_F_REMOVE_ME
        : (peer.UpdateOnly ? Uapi.WGPEER_F_UPDATE_ONLY : 0) | (peer.ReplaceAllowedIps ? Uapi.WGPEER_F_REPLACE_ALLOWEDIPS : 0);
}
