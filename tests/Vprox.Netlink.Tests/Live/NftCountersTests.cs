using System.Net;
using System.Net.Sockets;

namespace Vprox.Netlink.Tests.Live;

public sealed class NftCountersTests : LiveTest
{
    [Fact]
    public void Packets_and_bytes_of_named_counters_are_read()
    {
        Inside.Execute("nft", """
            table inet t {
              counter sent { }
              counter begun { packets 3 bytes 4000000000000 }
              chain out { type filter hook output priority filter; ip daddr 127.0.0.1 udp dport 9 counter name "sent"; }
            }
            table ip t {
              counter foreign { }
            }
            """);
        using var counters = Inside.Run(NftCounters.Open);
        Inside.Run(() =>
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            for (var i = 0; i < 7; i++)
                socket.SendTo(new byte[100], new IPEndPoint(IPAddress.Loopback, 9));
        });

        Assert.Equal(
            new Dictionary<string, NftCount> { ["sent"] = new(7, 7 * 128), ["begun"] = new(3, 4_000_000_000_000) },
            counters.Read("t"));
        Assert.Empty(counters.Read("none"));
    }

    [Fact]
    public void More_counters_than_one_message_holds_are_read_in_full()
    {
        const int count = 1_000;
        Inside.Execute("nft", $"table inet t {{ {string.Concat(Enumerable.Range(0, count).Select(i => $"counter c{i} {{ packets {i} bytes 1 }}; "))} }}");
        using var counters = Inside.Run(NftCounters.Open);

        Assert.Equal(
            Enumerable.Range(0, count).ToDictionary(i => $"c{i}", i => new NftCount((ulong)i, 1)).OrderBy(pair => pair.Key),
            counters.Read("t").OrderBy(pair => pair.Key));
    }
}
