using System.Net;
using System.Net.Sockets;
using System.Text;
using Vprox.Lab.Topology;
using Vprox.Lab.Topology.Internet;

namespace Vprox.Lab.Tests.Topology;

public sealed class NetworkTests(LabFixture fixture)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task A_container_is_seen_with_its_workers_address()
    {
        var worker = fixture.Lab.Workers[0];

        Assert.Equal(worker.PublicAddress.ToString(), await worker.Containers[0].SeenAddressAsync());
        Assert.True(await worker.Containers[1].DownloadAsync(2_000_000) > 0);
    }

    [Fact]
    public async Task A_node_is_seen_with_the_Elastic_IP_of_the_address_it_sends_from_and_only_where_EC2_has_it()
    {
        var (first, second) = (fixture.Lab.Nodes[0], fixture.Lab.Nodes[1]);
        await fixture.PlaceAsync(first, "10.0.5.70", elasticIp: 0);
        foreach (var node in fixture.Lab.Nodes)
            await node.ExecuteAsync("ip", "address", "add", "10.0.5.70/32", "dev", "eth0");

        Assert.Equal("192.0.2.10", await SeenFrom(first, "10.0.5.70", Deadline));
        Assert.Null(await SeenFrom(second, "10.0.5.70", TimeSpan.FromSeconds(1)));

        await fixture.Ec2.AssignPrivateIpAddressesAsync(new()
        {
            NetworkInterfaceId = second.Plan.NetworkInterfaces[0].Id,
            PrivateIpAddresses = ["10.0.5.70"],
            AllowReassignment = true,
        });
        Assert.Equal("192.0.2.10", await SeenFrom(second, "10.0.5.70", Deadline));
        // The old node still has the address on its link: EC2 has fenced it all the same.
        Assert.Null(await SeenFrom(first, "10.0.5.70", TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public async Task The_internet_reaches_the_node_that_holds_the_Elastic_IP()
    {
        var node = fixture.Lab.Nodes[1];
        await fixture.PlaceAsync(node, "10.0.5.71", elasticIp: 1);
        await node.ExecuteAsync("ip", "address", "add", "10.0.5.71/32", "dev", "eth0");

        await VproxLab.WaitForAsync("ping", async () =>
        {
            try
            {
                return await fixture.Lab.Workers[0].ExecuteAsync("ping", "-c", "1", "-W", "1", "192.0.2.11");
            }
            catch (InvalidOperationException)
            {
                return null;
            }
        }, Deadline);
    }

    [Fact]
    public async Task An_Elastic_IP_that_moves_to_another_private_address_takes_no_remembered_connection_along()
    {
        var (first, second) = (fixture.Lab.Nodes[0], fixture.Lab.Nodes[1]);
        await fixture.PlaceAsync(first, "10.0.5.73", elasticIp: 3);
        await first.ExecuteAsync("ip", "address", "add", "10.0.5.73/32", "dev", "eth0");
        await second.ExecuteAsync("ip", "address", "add", "10.0.5.74/32", "dev", "eth0");
        using var flow = Open(first, "10.0.5.73");
        Assert.Equal("192.0.2.13", await AskAsync(flow, Deadline));

        await fixture.PlaceAsync(second, "10.0.5.74", elasticIp: 3);

        Assert.Equal("192.0.2.13", await SeenFrom(second, "10.0.5.74", Deadline));
        Assert.Null(await AskAsync(flow, TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public async Task An_ICMP_error_comes_back_through_the_translation()
    {
        var node = fixture.Lab.Nodes[0];
        await fixture.PlaceAsync(node, "10.0.5.72", elasticIp: 2);
        await node.ExecuteAsync("ip", "address", "add", "10.0.5.72/32", "dev", "eth0");
        Assert.Equal("192.0.2.12", await SeenFrom(node, "10.0.5.72", Deadline));

        // No server has this port: the error quotes a packet with the public address, and the socket hears of it.
        using var socket = node.OpenUdp();
        socket.Bind(new IPEndPoint(IPAddress.Parse("10.0.5.72"), 0));
        await socket.ConnectAsync(new IPEndPoint(LabPlan.InternetServer, 4242));
        var refused = await Assert.ThrowsAsync<SocketException>(async () =>
        {
            await socket.SendAsync("hello"u8.ToArray());
            using var deadline = new CancellationTokenSource(Deadline);
            await socket.ReceiveAsync(new byte[16], deadline.Token);
        });
        Assert.Equal(SocketError.ConnectionRefused, refused.SocketErrorCode);
    }

    [Fact]
    public async Task A_node_without_Elastic_IP_reaches_metadata_its_neighbour_and_the_control_host_but_not_the_internet()
    {
        var (first, second) = (fixture.Lab.Nodes[0], fixture.Lab.Nodes[1]);

        Assert.Equal(first.InstanceId, await MetadataAsync(first, "instance-id"));
        Assert.Equal(second.InstanceId, await MetadataAsync(second, "instance-id"));
        await first.ExecuteAsync("ping", "-c", "1", "-W", "5", second.Plan.NetworkInterfaces[0].PrimaryAddress.ToString());
        await first.ExecuteAsync("ping", "-c", "1", "-W", "5", LabPlan.ControlPrivate.ToString());
        await Assert.ThrowsAsync<InvalidOperationException>(
            () => first.ExecuteAsync("ping", "-c", "1", "-W", "1", LabPlan.InternetServer.ToString()));
    }

    [Fact]
    public async Task Echo_push_and_datagrams_answer()
    {
        var container = fixture.Lab.Workers[0].Containers[0];
        using var deadline = new CancellationTokenSource(Deadline);

        using var echo = container.OpenTcp();
        await echo.ConnectAsync(LabPlan.InternetServer, InternetProgram.EchoPort, deadline.Token);
        await echo.SendAsync("hello"u8.ToArray(), deadline.Token);
        var buffer = new byte[64];
        Assert.Equal(5, await echo.ReceiveAsync(buffer, deadline.Token));

        using var push = container.OpenTcp();
        await push.ConnectAsync(LabPlan.InternetServer, InternetProgram.PushPort, deadline.Token);
        Assert.True(await push.ReceiveAsync(buffer, deadline.Token) > 0);

        using var who = container.OpenUdp();
        await who.ConnectAsync(new IPEndPoint(LabPlan.InternetServer, InternetProgram.UdpWhoPort), deadline.Token);
        await who.SendAsync("?"u8.ToArray(), deadline.Token);
        var size = await who.ReceiveAsync(buffer, deadline.Token);
        Assert.StartsWith(container.Worker.PublicAddress + ":", Encoding.ASCII.GetString(buffer, 0, size), StringComparison.Ordinal);
    }

    private static async Task<string> MetadataAsync(LabNode node, string path)
    {
        using var put = new HttpRequestMessage(HttpMethod.Put, $"http://{LabPlan.Metadata}/latest/api/token");
        put.Headers.Add("X-aws-ec2-metadata-token-ttl-seconds", "60");
        var token = await (await node.Http.SendAsync(put)).EnsureSuccessStatusCode().Content.ReadAsStringAsync();
        using var get = new HttpRequestMessage(HttpMethod.Get, $"http://{LabPlan.Metadata}/latest/meta-data/{path}");
        get.Headers.Add("X-aws-ec2-metadata-token", token);
        return await (await node.Http.SendAsync(get)).EnsureSuccessStatusCode().Content.ReadAsStringAsync();
    }

    /// <summary>What the internet says the source is, asked from a new socket each time; null when nothing comes back in time.</summary>
    private static async Task<string?> SeenFrom(LabNode node, string source, TimeSpan within)
    {
        using var deadline = new CancellationTokenSource(within);
        while (!deadline.IsCancellationRequested)
        {
            using var socket = Open(node, source);
            if (await AskAsync(socket, TimeSpan.FromMilliseconds(300)) is { } seen)
                return seen;
        }
        return null;
    }

    private static Socket Open(LabNode node, string source)
    {
        var socket = node.OpenUdp();
        socket.Bind(new IPEndPoint(IPAddress.Parse(source), 0));
        socket.Connect(new IPEndPoint(LabPlan.InternetServer, InternetProgram.UdpWhoPort));
        return socket;
    }

    /// <summary>Asks over one flow until it is answered; null when it is not in time.</summary>
    private static async Task<string?> AskAsync(Socket socket, TimeSpan within)
    {
        using var deadline = new CancellationTokenSource(within);
        var buffer = new byte[64];
        while (!deadline.IsCancellationRequested)
        {
            await socket.SendAsync("?"u8.ToArray());
            try
            {
                using var answer = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token);
                answer.CancelAfter(TimeSpan.FromMilliseconds(300));
                var size = await socket.ReceiveAsync(buffer, answer.Token);
                return Encoding.ASCII.GetString(buffer, 0, size).Split(':')[0];
            }
            catch (OperationCanceledException)
            {
                // Nothing came back; asked again until the deadline.
            }
        }
        return null;
    }
}
