using System.Globalization;
using System.Text;

namespace Vprox.WireGuard.Userspace;

/// <summary>
/// Text of a "set" operation of the cross-platform configuration protocol (www.wireguard.com/xplatform). Order matters in it: the
/// device's lines come before the first public_key, and update_only directly after its public_key.
/// </summary>
internal static class UapiEncoder
{
    /// <summary>The whole operation, ended by the blank line. It holds the private key: never log it.</summary>
    public static byte[] Set(DeviceConfig config)
    {
        var text = new StringBuilder("set=1\n");
        if (config.PrivateKey is not null)
            Line(text, "private_key", Convert.ToHexStringLower(config.PrivateKey.Bytes));
        if (config.ListenPort is { } port)
            Line(text, "listen_port", Number(port));
        if (config.FirewallMark is { } mark)
            Line(text, "fwmark", Number(mark));
        if (config.ReplacePeers)
            Line(text, "replace_peers", "true");
        foreach (var peer in config.Peers)
            Append(text, peer);
        return Encoding.ASCII.GetBytes(text.Append('\n').ToString());
    }

    private static void Append(StringBuilder text, PeerConfig peer)
    {
        Line(text, "public_key", Convert.ToHexStringLower(peer.PublicKey.ToArray()));
        if (peer.Remove)
        {
            Line(text, "remove", "true");
            return;
        }
        if (peer.UpdateOnly)
            Line(text, "update_only", "true");
        if (peer.Endpoint is { } endpoint)
            Line(text, "endpoint", endpoint.ToString());
        if (peer.PersistentKeepalive is { } interval)
            Line(text, "persistent_keepalive_interval", Number((long)interval.TotalSeconds));
        if (peer.ReplaceAllowedIps)
            Line(text, "replace_allowed_ips", "true");
        foreach (var prefix in peer.AllowedIps)
            Line(text, "allowed_ip", prefix.ToString());
    }

    private static void Line(StringBuilder text, string key, string value) => text.Append(key).Append('=').Append(value).Append('\n');

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
