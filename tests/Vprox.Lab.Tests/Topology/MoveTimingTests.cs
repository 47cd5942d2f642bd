using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Vprox.Lab.Cloud.Moves;
using Vprox.Lab.Probes;
using Vprox.Lab.Topology;

namespace Vprox.Lab.Tests.Topology;

/// <summary>What the gateway does at the moment a move takes effect.</summary>
public sealed class MoveTimingTests(LabFixture fixture, ITestOutputHelper output)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task An_open_flow_reaches_the_new_node_as_soon_as_the_move_has_taken_effect()
    {
        var (first, second) = (fixture.Lab.Nodes[0], fixture.Lab.Nodes[1]);
        await fixture.PlaceAsync(first, "10.0.5.80", elasticIp: 5);
        using var old = Receiver(first);
        using var next = Receiver(second);
        using var sender = new Sender(fixture.Lab.Internet, IPAddress.Parse("192.0.2.15"));
        await FirstAsync(old);

        // The old host is gone: nobody there answers ARP or anything else.
        first.LoseUplink();
        await fixture.PlaceAsync(second, "10.0.5.80", elasticIp: 5);
        var arrived = await FirstAsync(next);

        var move = await EffectiveAsync("192.0.2.15", second);
        var late = arrived - move.Effective!.Value.MonotonicMs;
        output.WriteLine($"decided → effective {(move.Effective.Value - move.Decided).TotalMilliseconds:0.0} ms of 200, effective → first packet {late:0.0} ms");
        first.RestoreUplink();
        Assert.InRange(late, -20, 500);
        Assert.InRange((move.Effective.Value - move.Decided).TotalMilliseconds, 199, 700);
    }

    [Fact]
    public async Task Packets_with_a_source_that_the_ENI_does_not_have_are_counted()
    {
        var node = fixture.Lab.Nodes[0];
        var foreign = IPAddress.Parse("10.0.5.81");
        await node.ExecuteAsync("ip", "address", "add", $"{foreign}/32", "dev", "eth0");
        using var socket = node.OpenUdp();
        socket.Bind(new IPEndPoint(foreign, 0));

        var check = new SourceCheck(fixture.Lab);
        for (var packet = 0; packet < 3; packet++)
            await socket.SendToAsync("x"u8.ToArray(), new IPEndPoint(LabPlan.InternetServer, 9));

        var counted = await VproxLab.WaitForAsync(
            "three packets", () => Task.FromResult(check.Read().SingleOrDefault(wrong => wrong.Source.Equals(foreign) && wrong.Packets == 3)), Deadline);
        Assert.Same(node, counted.Node);
    }

    [Fact]
    public async Task The_internet_notices_who_should_not_be_there()
    {
        var worker = fixture.Lab.Workers[0];
        using var watch = ServerWatch.Start(fixture.Lab, IPAddress.Parse("192.0.2.200"));

        await worker.Containers[0].SeenAddressAsync();

        Assert.Equal(worker.PublicAddress, Assert.Single(watch.Unexpected).Key);
        Assert.True(watch.UnexpectedPackets > 0);
    }

    private Task<AddressMove> EffectiveAsync(string address, LabNode to) => VproxLab.WaitForAsync("move", async () =>
        (await fixture.Lab.Cloud.MovesAsync()).LastOrDefault(move => move.PublicAddress == address && move.To?.InstanceId == to.InstanceId && move.Effective is not null),
        Deadline);

    private static Socket Receiver(LabNode node)
    {
        var receiver = node.OpenUdp();
        node.Route.Execute(new Vprox.Netlink.AddAddress(node.Route.Link("eth0")!.Index, IPAddress.Parse("10.0.5.80"), 32));
        receiver.Bind(new IPEndPoint(IPAddress.Parse("10.0.5.80"), 4000));
        return receiver;
    }

    /// <summary>When the first packet came, in milliseconds of the monotonic clock.</summary>
    private static async Task<double> FirstAsync(Socket socket)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        await socket.ReceiveAsync(new byte[16], deadline.Token);
        return Stopwatch.GetTimestamp() * 1000.0 / Stopwatch.Frequency;
    }

    /// <summary>One flow, a datagram each millisecond.</summary>
    private sealed class Sender : IDisposable
    {
        private readonly Socket _socket;
        private readonly CancellationTokenSource _end = new();
        private readonly Task _loop;

        public Sender(LabHost internet, IPAddress to)
        {
            _socket = internet.OpenUdp();
            _loop = Task.Run(async () =>
            {
                using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(1));
                while (await timer.WaitForNextTickAsync(_end.Token))
                    await _socket.SendToAsync("x"u8.ToArray(), new IPEndPoint(to, 4000));
            });
        }

        public void Dispose()
        {
            _end.Cancel();
            Assert.ThrowsAny<OperationCanceledException>(() => _loop.GetAwaiter().GetResult());
            _socket.Dispose();
            _end.Dispose();
        }
    }
}
