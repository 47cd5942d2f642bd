using System.Diagnostics;
using System.Net.Sockets;
using Vprox.Lab.Namespaces;
using Vprox.Netlink;

namespace Vprox.WorkerAgent.Tests.Live;

[Collection(ManyFiles.Name)]
public sealed class PortTests(BrokerFixture broker)
{
    private const int PerSecond = 150;

    [Fact]
    public async Task A_busy_tunnel_gets_blocks_before_it_runs_out_keeps_its_connections_and_gives_back_what_it_no_longer_needs()
    {
        await using var stage = await Stage.SetAsync(broker, new() { ["PortIdleAfter"] = "00:00:02" });
        var container = stage.Network.Container(1);
        await stage.RouteAsync(1);
        using var connections = new Connections(container);

        // 900 at once to one destination, where two blocks have 512 ports.
        await connections.OpenAsync(900, PerSecond);
        Assert.Equal((900, 0L), (connections.Open, DroppedOn(stage.Network.Worker)));
        Assert.True(stage.Node.Blocks.Count >= 7, $"{stage.Node.Blocks.Count} blocks");
        Assert.Equal(900, await connections.AliveAsync());
        TestContext.Current.TestOutputHelper?.WriteLine($"{stage.Node.Blocks.Count} blocks after {stage.Control.Grants} grants");

        connections.CloseAll();
        await WorkerNetwork.UntilAsync("what is idle was given back", () => stage.Node.Blocks.Count == 2);
        await WorkerNetwork.UntilAsync("its inner addresses are gone", () =>
            WorkerNetwork.Ip(stage.Network.Worker, "-o -4 address show dev vw0").Split('\n').Count(line => line.Contains("240.0.0.", StringComparison.Ordinal)) == 2);
        await WorkerNetwork.SeenFromAsync(container);
        Assert.Equal(0, (int)stage.Network.Leaked());
    }

    [Fact]
    public async Task When_no_block_is_left_the_tunnel_is_named_in_a_log_line_an_event_and_a_metric()
    {
        await using var stage = await Stage.SetAsync(broker);
        stage.Node.MostBlocks = 2;
        var container = stage.Network.Container(1);
        await stage.RouteAsync(1);
        using var connections = new Connections(container);
        await connections.OpenAsync(600, PerSecond);

        // The first may be said before the Allocator has answered; it is said again as long as it lasts.
        const string none = "no further block of the address is free";
        await WorkerNetwork.UntilAsync("the event came", () => stage.Control.Exhausted.Any(each => each.Reason == none));
        var exhausted = stage.Control.Exhausted.First(each => each.Reason == none);
        Assert.Equal(("p1", WorkerNetwork.StaticAddress.ToString(), "203.0.113.1:7/tcp", 512), (exhausted.ProxyId, exhausted.Address, exhausted.Destination, exhausted.Ports));
        Assert.Contains("Tunnel for proxy p1 to 192.0.2.10 ran out of ports", stage.Agent.Log, StringComparison.Ordinal);
        await WorkerNetwork.UntilAsync("SYNs were dropped", () => DroppedOn(stage.Network.Worker) > 0);
        await WorkerNetwork.UntilAsync("the metrics say so", () =>
        {
            var metrics = WorkerNetwork.Shell(stage.Network.Worker, "curl -s http://127.0.0.1:9101/metrics");
            return metrics.Contains("vprox_worker_ports_exhausted{", StringComparison.Ordinal) && metrics.Contains("vprox_worker_ports_dropped", StringComparison.Ordinal);
        });
        Assert.True(connections.Open >= 500, $"{connections.Open} open");
    }

    private static long DroppedOn(NetworkNamespace host)
    {
        using var conntrack = host.Run(Conntrack.Open);
        return conntrack.InsertFailures();
    }

    /// <summary>Connections of one container to one destination that stay open.</summary>
    private sealed class Connections(NetworkNamespace container) : IDisposable
    {
        private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
        private readonly List<Socket> _sockets = [];

        public int Open => _sockets.Count(socket => socket.Connected);

        public async Task OpenAsync(int count, int perSecond)
        {
            var connects = new List<Task>();
            await Task.Run(() => container.Run(() =>
            {
                var started = Stopwatch.GetTimestamp();
                using var tick = new ManualResetEventSlim();
                while (_sockets.Count < count)
                {
                    while (_sockets.Count < Math.Min(count, Stopwatch.GetElapsedTime(started).TotalSeconds * perSecond))
                    {
                        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                        _sockets.Add(socket);
                        connects.Add(ConnectAsync(socket));
                    }
                    tick.Wait(5);
                }
            }));
            await Task.WhenAll(connects);
        }

        /// <summary>How many of them still carry an octet there and back.</summary>
        public async Task<int> AliveAsync() => (await Task.WhenAll(_sockets.Select(EchoesAsync))).Count(alive => alive);

        public void CloseAll() => _sockets.ForEach(socket => socket.Dispose());

        public void Dispose() => CloseAll();

        private static async Task ConnectAsync(Socket socket)
        {
            using var deadline = new CancellationTokenSource(Patience);
            try
            {
                await socket.ConnectAsync(WorkerNetwork.Echo, deadline.Token);
            }
            catch (Exception none) when (none is OperationCanceledException or SocketException)
            {
                // Counted by the caller.
            }
        }

        private static async Task<bool> EchoesAsync(Socket socket)
        {
            using var deadline = new CancellationTokenSource(Patience * 2);
            try
            {
                await socket.SendAsync("x"u8.ToArray(), deadline.Token);
                var octet = new byte[1];
                // The server's greeting ends in a line feed; the echo comes after it.
                while (octet[0] != 'x')
                {
                    if (await socket.ReceiveAsync(octet, deadline.Token) == 0)
                        return false;
                }
                return true;
            }
            catch (Exception gone) when (gone is OperationCanceledException or SocketException)
            {
                return false;
            }
        }
    }
}
