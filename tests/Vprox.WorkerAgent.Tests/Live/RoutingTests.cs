using System.Net;
using System.Net.Sockets;
using Vprox.Lab.Namespaces;

namespace Vprox.WorkerAgent.Tests.Live;

public sealed class RoutingTests(BrokerFixture broker)
{
    [Fact]
    public async Task A_container_leaves_from_the_static_address_within_its_port_blocks_and_never_otherwise()
    {
        await using var stage = await Stage.SetAsync(broker);
        var routed = stage.Network.Container(1);
        await stage.RouteAsync(1);
        var before = stage.Network.Leaked();

        var blocks = new HashSet<int>();
        for (var i = 0; i < 20; i++)
        {
            var seen = IPEndPoint.Parse(await WorkerNetwork.SeenFromAsync(routed));
            Assert.Equal(WorkerNetwork.StaticAddress, seen.Address);
            Assert.InRange(seen.Port, 1024, 1535);
            blocks.Add(seen.Port / 256);
        }
        Assert.Equal(2, blocks.Count);
        Assert.Equal(before, stage.Network.Leaked());

        await OthersLeaveAsBeforeAsync(stage);
        await ASecondContainerNeedsNoGrantAsync(stage);
        await NothingComesInUnaskedAsync(stage);
    }

    [Fact]
    public async Task A_tunnel_finds_its_wireguard_go_started_and_leaves_another_for_the_next()
    {
        await using var stage = await Stage.SetAsync(broker);
        // An interface of the kernel is made in no time.
        if (stage.Node.WireGuardBackend == "kernel")
        {
            await stage.RouteAsync(1);
            Assert.Equal(["vw0"], Interfaces());
            return;
        }
        await WorkerNetwork.UntilAsync("one is there for whoever comes", () => Interfaces() is ["vw0"]);
        Assert.Equal(0, stage.Tunnels);
        var index = IndexOf("vw0");

        await stage.RouteAsync(1);
        Assert.Equal(index, IndexOf("vw0"));
        await WorkerNetwork.UntilAsync("one is there for the next", () => Interfaces() is ["vw0", "vw1"]);
        Assert.Equal(1, stage.Tunnels);

        string[] Interfaces() => [.. WorkerNetwork.Ip(stage.Network.Worker, "-br link show").Split('\n')
            .Select(line => line.Split(' ')[0]).Where(name => name.StartsWith("vw", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
        string IndexOf(string name) => WorkerNetwork.Ip(stage.Network.Worker, $"-o link show dev {name}").Split(':')[0];
    }

    [Fact]
    public async Task Ipv6_and_the_hosts_resolver_are_closed_to_a_routed_container()
    {
        await using var stage = await Stage.SetAsync(broker);
        var container = stage.Network.Container(1);
        using var resolver = Listener(stage.Network.Worker, IPEndPoint.Parse("10.88.0.1:53"));
        using var website = Listener(stage.Network.Worker, IPEndPoint.Parse("10.88.0.1:80"));
        using var internet6 = Listener(stage.Network.Internet, IPEndPoint.Parse("[fd00:51::1]:7"));
        Assert.True(await ConnectsAsync(container, IPEndPoint.Parse("10.88.0.1:53")));
        // Once the addresses are no longer tentative (RFC 4862, duplicate address detection).
        await WorkerNetwork.UntilAsync("IPv6 is open", () => ConnectsAsync(container, IPEndPoint.Parse("[fd00:51::1]:7")));
        var before = stage.Network.Leaked("leaked6");

        await stage.RouteAsync(1);
        Assert.False(await ConnectsAsync(container, IPEndPoint.Parse("10.88.0.1:53")));
        Assert.False(await ConnectsAsync(container, IPEndPoint.Parse("[fd00:51::1]:7")));
        Assert.True(await ConnectsAsync(container, IPEndPoint.Parse("10.88.0.1:80")));
        Assert.Equal(before, stage.Network.Leaked("leaked6"));
        Assert.True(stage.Network.Dropped("dropped_host_dns") > 0);
        Assert.True(stage.Network.Dropped("dropped_ipv6") > 0);
    }

    private static async Task OthersLeaveAsBeforeAsync(Stage stage)
    {
        var other = stage.Network.Container(2);
        Assert.Equal(WorkerNetwork.WorkerAddress, IPEndPoint.Parse(await WorkerNetwork.SeenFromAsync(other)).Address);
        other.Execute("ping", "-c", "1", "-W", "5", WorkerNetwork.AddressOf(1));
    }

    private static async Task ASecondContainerNeedsNoGrantAsync(Stage stage)
    {
        stage.Network.Container(3);
        await stage.RouteAsync(3);
        Assert.Equal(1, stage.Control.Grants);
        Assert.Equal((2, 1), (stage.Rules, stage.Tunnels));
    }

    private static async Task NothingComesInUnaskedAsync(Stage stage)
    {
        // No reset either: the host's stack must not speak for a container.
        Assert.False(await ConnectsAsync(stage.Network.Node, IPEndPoint.Parse("240.0.0.2:1100")));
        Assert.True(stage.Network.Dropped("dropped_unasked") > 0);
    }

    /// <summary>False only when nothing answered; a refusal throws.</summary>
    private static async Task<bool> ConnectsAsync(NetworkNamespace from, IPEndPoint to)
    {
        using var socket = from.Run(() => new Socket(to.AddressFamily, SocketType.Stream, ProtocolType.Tcp));
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        try
        {
            await socket.ConnectAsync(to, deadline.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private static TcpListener Listener(NetworkNamespace where, IPEndPoint address) => where.Run(() =>
    {
        var listener = new TcpListener(address);
        listener.Start();
        return listener;
    });
}
