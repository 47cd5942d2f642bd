using System.Net;
using System.Text;
using Vprox.Addressing;
using Vprox.WireGuard.Userspace;

namespace Vprox.WireGuard.Tests.Userspace;

/// <summary>Golden texts, checked against www.wireguard.com/xplatform.</summary>
public sealed class UapiEncoderTests
{
    private static readonly WireGuardKey Key = WireGuardKey.Parse("hSDwCYkwp1R0i33ctD73Wg2/Og0mOBr066SpjqqbTmo=");
    private const string Hex = "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a";

    [Fact]
    public void A_change_of_nothing_is_an_empty_set() => Says(new DeviceConfig(), "set=1\n\n");

    /// <summary>wg set vp49152 private-key … listen-port 49152 fwmark 0</summary>
    [Fact]
    public void A_device() => Says(
        new DeviceConfig { PrivateKey = new WireGuardPrivateKey(Enumerable.Repeat((byte)0x40, 32).ToArray()), ListenPort = 49152, FirewallMark = 0, ReplacePeers = true },
        "set=1\nprivate_key=4040404040404040404040404040404040404040404040404040404040404040\nlisten_port=49152\nfwmark=0\nreplace_peers=true\n\n");

    /// <summary>wg set vp49152 peer … endpoint 192.0.2.1:51820 persistent-keepalive 25 allowed-ips 240.0.0.2/32,240.0.0.3/32</summary>
    [Fact]
    public void A_peer() => Says(
        new PeerConfig
        {
            PublicKey = Key,
            UpdateOnly = true,
            Endpoint = IPEndPoint.Parse("192.0.2.1:51820"),
            PersistentKeepalive = TimeSpan.FromSeconds(25),
            ReplaceAllowedIps = true,
            AllowedIps = [Ipv4Prefix.Parse("240.0.0.2/32"), Ipv4Prefix.Parse("240.0.0.3/32")],
        },
        $"set=1\npublic_key={Hex}\nupdate_only=true\nendpoint=192.0.2.1:51820\npersistent_keepalive_interval=25\nreplace_allowed_ips=true\n"
        + "allowed_ip=240.0.0.2/32\nallowed_ip=240.0.0.3/32\n\n");

    /// <summary>wg set vp49152 peer … remove</summary>
    [Fact]
    public void A_removal_says_nothing_else() => Says(
        new PeerConfig { PublicKey = Key, Remove = true, UpdateOnly = true, AllowedIps = [Ipv4Prefix.Parse("240.0.0.2/32")] },
        $"set=1\npublic_key={Hex}\nremove=true\n\n");

    [Fact]
    public void An_IPv6_endpoint_stands_in_brackets() => Says(
        new PeerConfig { PublicKey = Key, Endpoint = IPEndPoint.Parse("[2001:db8::1]:51820") },
        $"set=1\npublic_key={Hex}\nendpoint=[2001:db8::1]:51820\n\n");

    private static void Says(PeerConfig peer, string text) => Says(new DeviceConfig { Peers = [peer] }, text);

    private static void Says(DeviceConfig config, string text) => Assert.Equal(text, Encoding.ASCII.GetString(UapiEncoder.Set(config)));
}
