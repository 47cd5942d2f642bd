using System.Globalization;
using System.Text;

namespace Vprox.WireGuard.Tests.Userspace;

/// <summary>Writes a device the way wireguard-go answers it.</summary>
internal static class UapiText
{
    public static string Of(Device device)
    {
        var text = new StringBuilder();
        void Line(string key, object value) => text.Append(CultureInfo.InvariantCulture, $"{key}={value}\n");

        if (device.PrivateKey is not null)
            Line("private_key", Convert.ToHexStringLower(device.PrivateKey.Bytes));
        if (device.ListenPort != 0)
            Line("listen_port", device.ListenPort);
        if (device.FirewallMark != 0)
            Line("fwmark", device.FirewallMark);
        foreach (var peer in device.Peers)
        {
            Line("public_key", Convert.ToHexStringLower(peer.PublicKey.ToArray()));
            Line("protocol_version", 1);
            if (peer.Endpoint is not null)
                Line("endpoint", peer.Endpoint);
            Line("last_handshake_time_sec", peer.LastHandshake?.ToUnixTimeSeconds() ?? 0);
            Line("last_handshake_time_nsec", (peer.LastHandshake?.Ticks ?? 0) % 10_000_000 * 100);
            Line("tx_bytes", peer.SentBytes);
            Line("rx_bytes", peer.ReceivedBytes);
            Line("persistent_keepalive_interval", peer.PersistentKeepalive?.TotalSeconds ?? 0);
            foreach (var prefix in peer.AllowedIps)
                Line("allowed_ip", prefix);
        }
        return text.Append("errno=0\n\n").ToString();
    }
}
