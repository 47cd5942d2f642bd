using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Vprox.Netlink.Tests.Live;

public sealed class ConntrackTests : LiveTest
{
    private const uint Loopback = 0x7f000001;
    private const uint Elsewhere = 0x7f000002;
    private static readonly IPEndPoint Server = new(IPAddress.Loopback, 7);

    [Fact]
    public async Task Translated_flows_their_count_and_those_that_found_no_port_are_read()
    {
        Inside.Execute("nft", """
            table inet t {
              counter opened { }
              chain out { type nat hook postrouting priority srcnat; ip daddr 127.0.0.1 tcp dport 7 counter name "opened" snat ip to 127.0.0.1:2000-2003; }
            }
            """);
        using var conntrack = Inside.Run(Conntrack.Open);
        using var counters = Inside.Run(NftCounters.Open);
        using var listener = Inside.Run(() =>
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(Server);
            socket.Listen();
            return socket;
        });
        Assert.Equal(0, conntrack.InsertFailures());

        var clients = new List<Socket>();
        for (var i = 0; i < 4; i++)
            clients.Add(await ConnectAsync(TimeSpan.FromSeconds(10)) ?? throw new InvalidOperationException($"connection {i} did not come about"));
        Assert.Null(await ConnectAsync(TimeSpan.FromMilliseconds(300)));

        var flows = new List<ReplyTuple>();
        conntrack.Visit(flow =>
        {
            if (flow is { Protocol: 6, RemotePort: 7 })
                flows.Add(flow);
        });
        Assert.Equal([2000, 2001, 2002, 2003], flows.Select(flow => (int)flow.LocalPort).Order());
        Assert.All(flows, flow => Assert.Equal((Loopback, Loopback), (flow.RemoteAddress, flow.LocalAddress)));
        var sources = new List<uint>();
        conntrack.VisitFlows(flow =>
        {
            if (flow.Reply is { Protocol: 6, RemotePort: 7 })
                sources.Add(flow.Source);
        });
        Assert.Equal(Enumerable.Repeat(Elsewhere, 4), sources);
        Assert.True(conntrack.InsertFailures() >= 1);
        Assert.True(counters.Read("t")["opened"].Packets >= 5);
        Assert.Empty(counters.Read("none"));
        clients.ForEach(client => client.Dispose());
    }

    [Fact]
    public void Ten_thousand_flows_are_shown_in_one_go()
    {
        const int count = 10_000;
        // Tracking begins with the first rule that needs it.
        Inside.Execute("nft", "table inet t { chain out { type filter hook output priority filter; ct state invalid drop; }; }");
        Inside.Run(() =>
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            for (var port = 20_000; port < 20_000 + count; port++)
                socket.SendTo("x"u8.ToArray(), new IPEndPoint(IPAddress.Loopback, port));
        });
        using var conntrack = Inside.Run(Conntrack.Open);
        var times = new List<double>();
        for (var i = 0; i < 10; i++)
        {
            var seen = 0;
            var started = Stopwatch.GetTimestamp();
            conntrack.Visit(flow => seen += flow is { Protocol: 17, RemoteAddress: Loopback } ? 1 : 0);
            times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            Assert.True(seen >= count, $"{seen} seen");
        }
        TestContext.Current.TestOutputHelper?.WriteLine($"10,000 flows: best {times.Min():0.0} ms, median {times.Order().ElementAt(5):0.0} ms");
    }

    private async Task<Socket?> ConnectAsync(TimeSpan patience)
    {
        var socket = Inside.Run(() =>
        {
            var made = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            made.Bind(new IPEndPoint(IPAddress.Parse("127.0.0.2"), 0));
            return made;
        });
        using var deadline = new CancellationTokenSource(patience);
        try
        {
            await socket.ConnectAsync(Server, deadline.Token);
            return socket;
        }
        catch (OperationCanceledException)
        {
            socket.Dispose();
            return null;
        }
    }
}
