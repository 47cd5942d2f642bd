using System.Diagnostics;
using System.Net;
using CsCheck;
using Vprox.Addressing;
using Vprox.Netlink;
using Vprox.WireGuard.Kernel;

namespace Vprox.WireGuard.Tests.Kernel;

public sealed class DeviceDumpTests(ITestOutputHelper output)
{
    [Fact]
    public void Every_device_survives_the_way_through_a_dump() =>
        Gen.Select(Generate.Device, Gen.Int[1, 5], Gen.Int[1, 5]).Sample((device, peers, allowedIps) =>
            SameDevice.Assert(device, Read(DumpMessages.Of(device, peers, allowedIps))));

    [Fact]
    public void Damaged_messages_are_understood_or_refused() =>
        Gen.Select(Generate.Device, Gen.Int[0, 100_000], Gen.Byte, Gen.Bool).Sample((device, where, what, cut) =>
        {
            var message = DumpMessages.Of(device, peersPerMessage: 100)[0];
            where %= message.Length;
            if (cut)
                message = message[..where];
            else
                message[where] = what;
            UnderstandOrRefuse(message);
        });

    [Fact]
    public void Noise_is_understood_or_refused() => Gen.Byte.Array[0, 200].Sample(UnderstandOrRefuse);

    [Fact]
    public void A_peer_without_key_is_refused()
    {
        var writer = new NetlinkWriter();
        using (writer.Nested(Uapi.WGDEVICE_A_PEERS))
        using (writer.Nested(0))
            writer.U16(Uapi.WGPEER_A_PERSISTENT_KEEPALIVE_INTERVAL, 25);
        Assert.Contains("no public key", Assert.Throws<WireGuardException>(() => Read([writer.Written.ToArray()])).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0200")]
    [InlineData("0100ca6cc00002010000000000000000")]
    [InlineData("0a00ca6cc00002010000000000000000")]
    public void An_endpoint_of_another_form_is_refused(string hex) =>
        Assert.Throws<WireGuardException>(() => SockAddr.Decode(Convert.FromHexString(hex)));

    [Fact]
    public void An_endpoint_survives_the_way_through_a_socket_address() => Generate.Endpoint.Sample(endpoint =>
        Assert.Equal(endpoint, SockAddr.Decode(SockAddr.Encode(endpoint))));

    /// <summary>wgctrl-go once took 5-10 s for this, because it looked for a continued peer in the list of all.</summary>
    [Fact]
    public void A_dump_of_20_000_peers_is_put_together_in_under_a_second()
    {
        var prefix = Ipv4Prefix.Parse("10.0.0.0/8");
        var random = new Random(1);
        var device = new Device
        {
            Name = "vp49152",
            ListenPort = 49152,
            FirewallMark = 0,
            Peers = [.. Enumerable.Range(0, 20_000).Select(i => new Peer
            {
                PublicKey = RandomKey(random),
                Endpoint = new IPEndPoint(prefix.AddressAt(i), 51820),
                LastHandshake = DateTimeOffset.UnixEpoch.AddDays(20_000),
                PersistentKeepalive = TimeSpan.FromSeconds(25),
                AllowedIps = [.. Enumerable.Range(0, 4).Select(k => Ipv4Prefix.Host(prefix.AddressAt((i * 4) + k)))],
            })],
        };
        // The kernel fills messages of about 8 KiB; three allowed IPs a part make it continue every peer.
        var messages = DumpMessages.Of(device, peersPerMessage: 24, allowedIpsPerPart: 3);
        var best = TimeSpan.MaxValue;
        for (var run = 0; run < 5; run++)
        {
            var start = Stopwatch.GetTimestamp();
            var read = Read(messages);
            var elapsed = Stopwatch.GetElapsedTime(start);
            best = elapsed < best ? elapsed : best;
            SameDevice.Assert(device, read);
        }
        output.WriteLine($"{device.Peers.Count} peers, {messages.Count} messages, {messages.Sum(message => message.Length)} bytes: {best.TotalMilliseconds:F0} ms");
        Assert.InRange(best, TimeSpan.Zero, TimeSpan.FromSeconds(1));
    }

    private static WireGuardKey RandomKey(Random random)
    {
        var bytes = new byte[WireGuardKey.Size];
        random.NextBytes(bytes);
        return new WireGuardKey(bytes);
    }

    private static void UnderstandOrRefuse(byte[] message)
    {
        try
        {
            Read([message]);
        }
        catch (Exception e) when (e is WireGuardException or NetlinkException)
        {
            // Refused, as it may be.
        }
    }

    private static Device Read(List<byte[]> messages)
    {
        var dump = new DeviceDump("vp49152");
        foreach (var message in messages)
            dump.Take(new NetlinkReader(message));
        return dump.ToDevice();
    }
}
