using System.Text;
using CsCheck;
using Vprox.Addressing;
using Vprox.WireGuard.Userspace;

namespace Vprox.WireGuard.Tests.Userspace;

public sealed class UapiParserTests
{
    private const string Peer = "public_key=8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a\n";

    [Fact]
    public void An_answer_of_wireguard_go_is_understood()
    {
        var device = Get("private_key=4040404040404040404040404040404040404040404040404040404040404040\nlisten_port=49152\nfwmark=7\n" + Peer
            + "preshared_key=0000000000000000000000000000000000000000000000000000000000000000\nprotocol_version=1\nendpoint=192.0.2.1:51820\n"
            + "last_handshake_time_sec=1700000000\nlast_handshake_time_nsec=500000000\ntx_bytes=148\nrx_bytes=92\npersistent_keepalive_interval=25\n"
            + "allowed_ip=240.0.0.2/32\nallowed_ip=fd00::/64\nerrno=0\n\n");

        Assert.Equal(49152, device.ListenPort);
        Assert.Equal(7u, device.FirewallMark);
        Assert.NotNull(device.PrivateKey);
        var peer = Assert.Single(device.Peers);
        Assert.Equal("hSDwCYkwp1R0i33ctD73Wg2/Og0mOBr066SpjqqbTmo=", peer.PublicKey.ToString());
        Assert.Equal("192.0.2.1:51820", peer.Endpoint!.ToString());
        Assert.Equal(DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_500), peer.LastHandshake);
        Assert.Equal((92, 148), (peer.ReceivedBytes, peer.SentBytes));
        Assert.Equal(TimeSpan.FromSeconds(25), peer.PersistentKeepalive);
        Assert.Equal(Ipv4Prefix.Parse("240.0.0.2/32"), Assert.Single(peer.AllowedIps));
    }

    [Fact]
    public void A_fresh_device_has_nothing() => SameDevice.Assert(
        new Device { Name = "vp49152", ListenPort = 0, FirewallMark = 0, Peers = [] }, Get("errno=0\n\n"));

    [Fact]
    public void Unknown_keys_are_left_out() =>
        Assert.Single(Get("jc=4\nlisten_port=1\n" + Peer + "mood=good\nendpoint_history=\nerrno=0\n\n").Peers);

    [Fact]
    public void An_endpoint_mapped_into_IPv6_is_an_IPv4_endpoint() =>
        Assert.Equal("192.0.2.1:5", Get(Peer + "endpoint=[::ffff:192.0.2.1]:5\nerrno=0\n\n").Peers[0].Endpoint!.ToString());

    [Theory]
    [InlineData("", "without errno")]
    [InlineData("\n", "without errno")]
    [InlineData("listen_port=1\n", "without errno")]
    [InlineData("listen_port=1\n\n", "without errno")]
    [InlineData("errno=0", "without errno")]
    [InlineData("errno=0\n", "behind errno")]
    [InlineData("errno=0\n\nlisten_port=1\n", "behind errno")]
    [InlineData("errno=\n\n", "malformed errno")]
    [InlineData("errno=zero\n\n", "malformed errno")]
    [InlineData("errno=-2147483648\n\n", "malformed errno")]
    [InlineData("errno=-22\n\n", "EINVAL (22, Invalid argument)")]
    [InlineData("errno=98\n\n", "EADDRINUSE (98, Address already in use)")]
    [InlineData("errno=13\n\n", "errno (13, Permission denied)")]
    [InlineData("listen_port\nerrno=0\n\n", "not key=value")]
    [InlineData("=1\nerrno=0\n\n", "not key=value")]
    [InlineData("listen_port=65536\nerrno=0\n\n", "malformed \"listen_port\": \"65536\"")]
    [InlineData("listen_port=-1\nerrno=0\n\n", "malformed \"listen_port\"")]
    [InlineData("listen_port= 1\nerrno=0\n\n", "malformed \"listen_port\"")]
    [InlineData("fwmark=0x1\nerrno=0\n\n", "malformed \"fwmark\"")]
    [InlineData("private_key=40\nerrno=0\n\n", "malformed private_key of 2 characters")]
    [InlineData("public_key=0000000000000000000000000000000000000000000000000000000000000000\nerrno=0\n\n", "malformed \"public_key\"")]
    [InlineData("public_key=zz20f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a\nerrno=0\n\n", "malformed \"public_key\"")]
    [InlineData(Peer + Peer + "errno=0\n\n", "twice")]
    [InlineData(Peer + "endpoint=192.0.2.1\nerrno=0\n\n", "malformed \"endpoint\"")]
    [InlineData(Peer + "endpoint=192.0.2:1\nerrno=0\n\n", "malformed \"endpoint\"")]
    [InlineData(Peer + "endpoint=[192.0.2.1]:1\nerrno=0\n\n", "malformed \"endpoint\"")]
    [InlineData(Peer + "endpoint=2001:db8::1:1\nerrno=0\n\n", "malformed \"endpoint\"")]
    [InlineData(Peer + "endpoint=evil.example:1\nerrno=0\n\n", "malformed \"endpoint\"")]
    [InlineData(Peer + "allowed_ip=240.0.0.2\nerrno=0\n\n", "malformed \"allowed_ip\"")]
    [InlineData(Peer + "allowed_ip=240.0.0.2/24\nerrno=0\n\n", "malformed \"allowed_ip\"")]
    [InlineData(Peer + "allowed_ip=fd00::/129\nerrno=0\n\n", "malformed \"allowed_ip\"")]
    [InlineData(Peer + "last_handshake_time_sec=99999999999999\nerrno=0\n\n", "handshake time")]
    [InlineData(Peer + "last_handshake_time_nsec=1000000000\nerrno=0\n\n", "handshake time")]
    [InlineData(Peer + "rx_bytes=9223372036854775808\nerrno=0\n\n", "malformed \"rx_bytes\"")]
    public void What_is_malformed_is_refused_with_a_reason(string answer, string reason) =>
        Assert.Contains(reason, Assert.Throws<WireGuardException>(() => Get(answer)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_malformed_private_key_is_not_in_the_message() =>
        Assert.DoesNotContain("4040", Assert.Throws<WireGuardException>(() => Get("private_key=404040404040\nerrno=0\n\n")).Message, StringComparison.Ordinal);

    [Fact]
    public void The_answer_to_set_is_errno_alone()
    {
        UapiParser.ParseSet("errno=0\n\n"u8);
        Assert.Throws<WireGuardException>(() => UapiParser.ParseSet("listen_port=1\nerrno=0\n\n"u8));
    }

    [Fact]
    public void Every_device_survives_the_way_through_the_text() =>
        Generate.Device.Sample(device => SameDevice.Assert(device, Get(UapiText.Of(device))));

    /// <summary>Whatever a daemon answers, nothing but our own exception comes out.</summary>
    [Fact]
    public void Damaged_answers_are_understood_or_refused() => Gen.Select(Generate.Device, Gen.Int[0, 100_000], Gen.Byte, Gen.Int[0, 3]).Sample((device, where, what, how) =>
    {
        var bytes = Encoding.ASCII.GetBytes(UapiText.Of(device)).ToList();
        where %= bytes.Count;
        switch (how)
        {
            case 0: bytes[where] = what; break;
            case 1: bytes.Insert(where, what); break;
            case 2: bytes.RemoveAt(where); break;
            default: bytes.RemoveRange(where, bytes.Count - where); break;
        }
        UnderstandOrRefuse([.. bytes]);
    });

    [Fact]
    public void Noise_is_refused() => Gen.Byte.Array[0, 200].Sample(UnderstandOrRefuse);

    private static void UnderstandOrRefuse(byte[] answer)
    {
        try
        {
            UapiParser.ParseGet("vp49152", answer);
        }
        catch (WireGuardException)
        {
            // Refused, as it may be.
        }
    }

    private static Device Get(string answer) => UapiParser.ParseGet("vp49152", Encoding.ASCII.GetBytes(answer));
}
