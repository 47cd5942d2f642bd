using System.Net;
using System.Net.Sockets;
using Vprox.Addressing;
using Vprox.Lab.Namespaces;
using Vprox.NodeAgent.Tests.Given;

namespace Vprox.NodeAgent.Tests.DataPlane.Live;

/// <summary>
/// The first packet after an address has come to a node that knows nothing of its connections, whichever packet that is. A node whose connection
/// table was emptied is such a node.
/// </summary>
public sealed class MoveTests : IDisposable
{
    private readonly NodeLab _lab = new();
    private readonly Echo _echo;

    public MoveTests() => _echo = new Echo(_lab.Internet, NodeLab.Server, 7);

    public void Dispose()
    {
        _echo.Dispose();
        _lab.Dispose();
    }

    [Fact]
    public async Task A_connection_that_the_client_closes_first_closes_on_both_sides()
    {
        using var client = await ConnectedAsync();

        Move();

        Assert.True(await client.EndsAsync());
        await NobodyIsConnectedAsync();
    }

    [Fact]
    public async Task A_connection_that_the_server_closes_first_closes_on_both_sides()
    {
        using var client = await ConnectedAsync();

        Move();
        _echo.EndAll(reset: false);

        Assert.True(await client.IsEndedAsync());
        await client.EndsAsync();
        await NobodyIsConnectedAsync();
    }

    [Fact]
    public async Task A_connection_that_the_client_resets_is_reset_at_the_server()
    {
        using var client = await ConnectedAsync();

        Move();
        client.Reset();

        await NobodyIsConnectedAsync();
    }

    [Fact]
    public async Task A_connection_that_the_server_resets_is_reset_at_the_client()
    {
        using var client = await ConnectedAsync();

        Move();
        _echo.EndAll(reset: true);

        Assert.False(await client.IsEndedAsync());
    }

    [Fact]
    public async Task A_reset_from_a_port_of_another_tunnels_block_does_not_get_out()
    {
        using var client = await ConnectedAsync();
        Move();
        var before = _lab.Dropped("tunnel_invalid");

        // A peer is only believed the ports of its own block: 1280 is the next one's.
        SendReset("240.0.0.2", 1280);

        await Eventually.TrueAsync(() => _lab.Dropped("tunnel_invalid") > before, "the forged reset is dropped");
        await client.SendAsync("still here\n");
        Assert.Equal("still here", await client.ReceiveLineAsync());
    }

    [Theory]
    [InlineData(128)]
    [InlineData(512)]
    [InlineData(1024)]
    public async Task Blocks_of_another_size_carry_connections_on_beside_an_address_of_the_usual_size(int size)
    {
        var address = _lab.Address(0, _lab.WorkerPeer("240.0.0.2", "240.0.0.3")) with { BlockSize = size };
        await _lab.ApplyAsync(address, _lab.Address(1));
        await _lab.ConnectWorkerAsync(address, "240.0.0.2", "240.0.0.3");
        var last = (ushort)new BlockLayout(size).PortsOf(1).Last;
        using var client = await Client.ConnectAsync(_lab.WorkerHost, "240.0.0.3", last, NodeLab.Server, 7);
        Assert.Equal($"10.0.1.64:{last}", await client.ReceiveLineAsync());

        Move();
        await _echo.PushAsync("pushed\n");
        Assert.Equal("pushed", await client.ReceiveLineAsync());

        Move();
        Assert.True(await client.EndsAsync());
        await NobodyIsConnectedAsync();

        var before = _lab.Dropped("tunnel_invalid");
        SendReset("240.0.0.2", last);
        await Eventually.TrueAsync(() => _lab.Dropped("tunnel_invalid") > before, "the first block's address is not believed a port of the second");
    }

    [Fact]
    public async Task Datagrams_go_on_whoever_speaks_first()
    {
        await ServeAsync();
        using var client = Datagrams(_lab.WorkerHost, "240.0.0.2", 1030);
        using var server = Datagrams(_lab.Internet, $"{NodeLab.Server}", 9);
        var outside = new IPEndPoint(Ipv4.Parse("10.0.1.64"), 1030);
        await client.SendToAsync(new byte[1], new IPEndPoint(NodeLab.Server, 9));
        Assert.Equal(outside, await SenderAsync(server));

        Move();
        await server.SendToAsync(new byte[1], outside);
        Assert.Equal(new IPEndPoint(NodeLab.Server, 9), await SenderAsync(client));

        Move();
        await client.SendToAsync(new byte[1], new IPEndPoint(NodeLab.Server, 9));
        Assert.Equal(outside, await SenderAsync(server));
    }

    [Fact]
    public async Task What_another_owner_of_the_private_address_left_takes_no_port_away()
    {
        var before = _lab.Address(0, _lab.WorkerPeer("240.0.0.2"));
        await _lab.ApplyAsync(before);
        await _lab.ConnectWorkerAsync(before, "240.0.0.2", "240.0.4.2");
        using (var client = await Client.ConnectAsync(_lab.WorkerHost, "240.0.0.2", 1030, NodeLab.Server, 7))
            Assert.Equal("10.0.1.64:1030", await client.ReceiveLineAsync());

        // The connection's end leaves the port taken for a while, in conntrack's eyes.
        var after = _lab.Address(1, _lab.WorkerPeer("240.0.4.2")) with { PrivateAddress = before.PrivateAddress };
        await _lab.ApplyAsync(after);
        await _lab.MoveWorkerAsync(after);

        using var next = await Client.ConnectAsync(_lab.WorkerHost, "240.0.4.2", 1030, NodeLab.Server, 7);
        Assert.Equal("10.0.1.64:1030", await next.ReceiveLineAsync());
    }

    [Fact]
    public async Task What_conntrack_would_send_on_under_another_address_does_not_leave()
    {
        var before = _lab.Address(0, _lab.WorkerPeer("240.0.0.2"));
        await _lab.ApplyAsync(before);
        await _lab.ConnectWorkerAsync(before, "240.0.0.2");
        using var client = Datagrams(_lab.WorkerHost, "240.0.0.2", 1030);
        using var server = Datagrams(_lab.Internet, $"{NodeLab.Server}", 9);
        await client.SendToAsync(new byte[1], new IPEndPoint(NodeLab.Server, 9));
        Assert.Equal(new IPEndPoint(before.PrivateAddress, 1030), await SenderAsync(server));

        // Whatever the reason: the address comes back as another private one, and conntrack still knows its connection by the first, which is another's.
        var after = before with { PrivateAddress = Ipv4.Parse("10.0.1.77") };
        await _lab.ApplyAsync(after, _lab.Address(1) with { PrivateAddress = before.PrivateAddress });
        await _lab.MoveWorkerAsync(after);
        await client.SendToAsync(new byte[2], new IPEndPoint(NodeLab.Server, 9));
        await Eventually.TrueAsync(() => _lab.Dropped("foreign_source") > 0, "it is dropped");
        Assert.Equal(0, server.Available);
        Assert.Equal((ulong)_lab.Dropped("foreign_source"), _lab.DataPlane.CountTraffic().FirewallDrops["foreign_source"]);
    }

    [Fact]
    public async Task What_comes_for_an_address_before_the_node_has_heard_of_it_is_not_remembered()
    {
        await _lab.ApplyAsync(_lab.Address(1));
        using var server = Datagrams(_lab.Internet, $"{NodeLab.Server}", 9);
        var outside = new IPEndPoint(Ipv4.Parse("10.0.1.64"), 1030);
        // EC2's router does not ask by ARP: it delivers to the ENI that has the address.
        NodeLab.Ip(_lab.Internet, $"route add {outside.Address} via {NodeLab.Primary}");

        await server.SendToAsync(new byte[1], outside);
        await Eventually.TrueAsync(() => _lab.Dropped("not_serving") > 0, "the datagram is dropped");
        Assert.DoesNotContain("dport=1030", _lab.Node.Execute("conntrack", "-L", "-p", "udp"), StringComparison.Ordinal);

        await ServeAsync();
        using var client = Datagrams(_lab.WorkerHost, "240.0.0.2", 1030);
        await client.SendToAsync(new byte[1], new IPEndPoint(NodeLab.Server, 9));
        Assert.Equal(outside, await SenderAsync(server));
    }

    [Fact]
    public async Task A_router_that_wants_smaller_packets_is_heard_after_a_move()
    {
        await ServeAsync();
        using var client = Datagrams(_lab.WorkerHost, "240.0.0.2", 1030);
        using var server = Datagrams(_lab.Internet, $"{NodeLab.Server}", 9);
        await client.SendToAsync(new byte[1], new IPEndPoint(NodeLab.Server, 9));
        await SenderAsync(server);

        Move();
        // A router complains of what it was sent: the datagram has passed the node.
        await client.SendToAsync(new byte[1], new IPEndPoint(NodeLab.Server, 9));
        await SenderAsync(server);
        SendFragmentationNeeded(Ipv4.Parse("10.0.1.64"), 1030, mtu: 1000);

        await Eventually.TrueAsync(
            () => _lab.WorkerHost.Execute("ip", "route", "get", $"{NodeLab.Server}", "from", "240.0.0.2").Contains("mtu 1000", StringComparison.Ordinal),
            "the worker knows the path's MTU");
    }

    private async Task<Client> ConnectedAsync()
    {
        await ServeAsync();
        var client = await Client.ConnectAsync(_lab.WorkerHost, "240.0.0.2", 1030, NodeLab.Server, 7);
        Assert.Equal("10.0.1.64:1030", await client.ReceiveLineAsync());
        return client;
    }

    private async Task ServeAsync()
    {
        var address = _lab.Address(0, _lab.WorkerPeer("240.0.0.2"));
        await _lab.ApplyAsync(address);
        await _lab.ConnectWorkerAsync(address, "240.0.0.2");
    }

    private void Move() => _lab.Node.Execute("conntrack", "-F");

    private Task NobodyIsConnectedAsync() => Eventually.TrueAsync(
        () => _lab.Internet.Execute("ss", "-Htn", "state", "connected", "exclude", "time-wait", "sport", "=", ":7").Trim().Length == 0,
        "the server has no connection any more");

    private static Socket Datagrams(NetworkNamespace place, string address, int port) => place.Run(() =>
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Parse(address), port));
        return socket;
    });

    private static async Task<EndPoint> SenderAsync(Socket socket)
    {
        using var deadline = new CancellationTokenSource(Client.Patience);
        return (await socket.ReceiveFromAsync(new byte[64], new IPEndPoint(IPAddress.Any, 0), deadline.Token)).RemoteEndPoint;
    }

    private void SendReset(string source, ushort port)
    {
        using var socket = _lab.WorkerHost.Run(() => new Socket(AddressFamily.InterNetwork, SocketType.Raw, ProtocolType.Tcp));
        socket.Bind(new IPEndPoint(IPAddress.Parse(source), 0));
        socket.SendTo(ForgedPackets.Reset(IPAddress.Parse(source), port, NodeLab.Server, 7), new IPEndPoint(NodeLab.Server, 0));
    }

    private void SendFragmentationNeeded(IPAddress to, ushort port, ushort mtu)
    {
        using var socket = _lab.Internet.Run(() => new Socket(AddressFamily.InterNetwork, SocketType.Raw, ProtocolType.Icmp));
        socket.SendTo(ForgedPackets.FragmentationNeeded(to, port, NodeLab.Server, 9, mtu), new IPEndPoint(to, 0));
    }
}
