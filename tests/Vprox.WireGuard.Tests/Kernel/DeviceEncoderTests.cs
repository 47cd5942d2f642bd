using System.Net;
using Vprox.Addressing;
using Vprox.Netlink;
using Vprox.WireGuard.Kernel;

namespace Vprox.WireGuard.Tests.Kernel;

/// <summary>Golden bytes on a little-endian machine; each line is an attribute: length, type, payload, padding.</summary>
public sealed class DeviceEncoderTests
{
    private const string Hex = "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a";
    private const string Forties = "4040404040404040404040404040404040404040404040404040404040404040";

    private static readonly WireGuardKey Key = new(Convert.FromHexString(Hex));

    /// <summary>wg set vw0 private-key … listen-port 49152 fwmark 7, all peers gone</summary>
    [Fact]
    public void A_device() => Gives(
        new DeviceConfig { PrivateKey = new WireGuardPrivateKey(Convert.FromHexString(Forties)), ListenPort = 49152, FirewallMark = 7, ReplacePeers = true },
        """
        0800 0200 76773000
        0800 0500 01000000
        2400 0300 4040404040404040404040404040404040404040404040404040404040404040
        0600 0600 00c0 0000
        0800 0700 07000000
        """);

    /// <summary>wg set vw0 peer … endpoint 192.0.2.1:51820 persistent-keepalive 25 allowed-ips 240.0.0.2/32,10.0.0.0/8, update only</summary>
    [Fact]
    public void A_peer() => Gives(
        new PeerConfig
        {
            PublicKey = Key,
            UpdateOnly = true,
            ReplaceAllowedIps = true,
            Endpoint = IPEndPoint.Parse("192.0.2.1:51820"),
            PersistentKeepalive = TimeSpan.FromSeconds(25),
            AllowedIps = [Ipv4Prefix.Parse("240.0.0.2/32"), Ipv4Prefix.Parse("10.0.0.0/8")],
        },
        $"""
        0800 0200 76773000
        8c00 0880
          8800 0080
            2400 0100 {Hex}
            0800 0300 06000000
            1400 0400 0200 ca6c c0000201 0000000000000000
            0600 0500 1900 0000
            3c00 0980
              1c00 0080
                0600 0100 0200 0000
                0800 0200 f0000002
                0500 0300 20 000000
              1c00 0080
                0600 0100 0200 0000
                0800 0200 0a000000
                0500 0300 08 000000
        """);

    /// <summary>wg set vw0 peer … remove</summary>
    [Fact]
    public void A_removal_says_nothing_else() => Gives(
        new PeerConfig { PublicKey = Key, Remove = true, UpdateOnly = true, AllowedIps = [Ipv4Prefix.Parse("240.0.0.2/32")] },
        $"""
        0800 0200 76773000
        3400 0880
          3000 0080
            2400 0100 {Hex}
            0800 0300 01000000
        """);

    /// <summary>wg set vw0 peer … endpoint [2001:db8::1]:51820</summary>
    [Fact]
    public void An_IPv6_endpoint() => Gives(
        new PeerConfig { PublicKey = Key, Endpoint = IPEndPoint.Parse("[2001:db8::1]:51820") },
        $"""
        0800 0200 76773000
        4c00 0880
          4800 0080
            2400 0100 {Hex}
            2000 0400 0a00 ca6c 00000000 20010db8000000000000000000000001 00000000
        """);

    private static void Gives(PeerConfig peer, string hex) => Gives(new DeviceConfig { Peers = [peer] }, hex);

    private static void Gives(DeviceConfig config, string hex)
    {
        var writer = new NetlinkWriter();
        DeviceEncoder.Write(writer, "vw0", config);
        Assert.Equal(string.Concat(hex.Where(char.IsAsciiHexDigit)), Convert.ToHexStringLower(writer.Written));
    }
}
