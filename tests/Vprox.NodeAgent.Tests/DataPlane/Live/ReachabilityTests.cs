using System.Net;
using System.Net.Sockets;
using Vprox.Lab.Namespaces;

namespace Vprox.NodeAgent.Tests.DataPlane.Live;

/// <summary>What can be reached from a tunnel and from the internet, and above all what can't. A listener stands at every forbidden place.</summary>
public sealed class ReachabilityTests : IDisposable
{
    private readonly NodeLab _lab = new();
    private readonly List<IDisposable> _listeners = [];

    public void Dispose()
    {
        foreach (var listener in _listeners)
            listener.Dispose();
        _lab.Dispose();
    }

    [Theory]
    [InlineData("169.254.169.254", 80, "tunnel_to_node")]
    [InlineData("10.0.1.10", 22, "tunnel_to_node")]
    [InlineData("10.0.1.64", 443, "tunnel_to_node")]
    [InlineData("10.0.1.65", 443, "tunnel_to_node")]
    [InlineData("240.0.0.1", 443, "tunnel_to_node")]
    [InlineData("240.0.4.1", 443, "tunnel_to_node")]
    [InlineData("240.0.4.2", 7, "tunnel_elsewhere")]
    [InlineData("240.0.0.3", 7, "tunnel_elsewhere")]
    [InlineData("10.0.1.1", 7, "tunnel_denied")]
    [InlineData("192.168.7.7", 7, "tunnel_denied")]
    public async Task From_a_tunnel_it_cannot_be_reached(string destination, int port, string counter)
    {
        await ServeAsync();
        LodgeIn(_lab.Node, IPAddress.Parse("169.254.169.254"), 80);
        Listen(_lab.Node, IPAddress.Any, 22, 443);
        LodgeIn(_lab.Internet, IPAddress.Parse("192.168.7.7"), 7);
        Listen(_lab.Internet, IPAddress.Parse("10.0.1.1"), 7);
        // Or "silent" would only say that the tunnel does not work.
        using (var client = await Client.ConnectAsync(_lab.WorkerHost, "240.0.0.2", 1030, NodeLab.Server, 7))
            Assert.Equal("10.0.1.64:1030", await client.ReceiveLineAsync());

        Assert.True(await Client.IsSilentAsync(_lab.WorkerHost, "240.0.0.2", IPAddress.Parse(destination), port));

        Assert.NotEqual(0, _lab.Dropped(counter));
    }

    [Fact]
    public async Task The_internet_reaches_https_and_ping_and_nothing_else()
    {
        await ServeAsync();
        var address = IPAddress.Parse("10.0.1.64");
        Listen(_lab.Node, IPAddress.Any, 22, 443, 1030, 45_000);

        using (var https = await Client.ConnectAsync(_lab.Internet, "203.0.113.10", 0, address, 443))
            Assert.StartsWith("203.0.113.10:", await https.ReceiveLineAsync(), StringComparison.Ordinal);
        _lab.Internet.Execute("ping", "-c1", "-W10", "10.0.1.64");
        var silent = await Task.WhenAll(((int[])[22, 1024, 1030, 40_959, 45_000, 49_152])
            .Select(port => Client.IsSilentAsync(_lab.Internet, "203.0.113.10", address, port)));

        Assert.All(silent, Assert.True);
        Assert.True(_lab.Dropped("internet_syn") >= silent.Length);
    }

    [Fact]
    public async Task What_no_rule_maps_is_answered_neither_by_reset_nor_by_unreachable()
    {
        await ServeAsync();
        using var capture = new Capture(_lab.Internet, "node", "src host 10.0.1.64 and (icmp or tcp)");

        // Acknowledgements without a connection to a shared port, datagrams to closed ports; the ping is what the capture must end with.
        Send(IPAddress.Parse("10.0.1.64"), 5353);
        Send(IPAddress.Parse("10.0.1.64"), 60_001);
        _lab.Internet.Execute("nft", "add table ip craft");
        _lab.Internet.Execute("nft", "add chain ip craft out { type filter hook output priority -400; }");
        _lab.Internet.Execute("nft", "add rule ip craft out ip daddr 10.0.1.64 tcp flags syn tcp flags set ack");
        Assert.True(await Client.IsSilentAsync(_lab.Internet, "203.0.113.10", IPAddress.Parse("10.0.1.64"), 45_000));
        _lab.Internet.Execute("ping", "-c1", "-W10", "10.0.1.64");

        var seen = await capture.LinesUntilAsync("echo reply");
        Assert.Single(seen);
        Assert.NotEqual(0, _lab.Dropped("internet_to_node"));
    }

    [Fact]
    public async Task The_primary_address_is_left_alone()
    {
        await ServeAsync();
        Listen(_lab.Node, NodeLab.Primary, 22);

        using var ssh = await Client.ConnectAsync(_lab.Internet, "203.0.113.10", 0, NodeLab.Primary, 22);

        Assert.StartsWith("203.0.113.10:", await ssh.ReceiveLineAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_neighbour_in_the_subnet_cannot_send_into_a_tunnel_by_its_inner_address()
    {
        await ServeAsync();
        Listen(_lab.WorkerHost, IPAddress.Parse("240.0.0.2"), 8);
        NodeLab.Ip(_lab.Internet, "route add 240.0.0.0/8 via 10.0.1.10");

        Assert.True(await Client.IsSilentAsync(_lab.Internet, "10.0.1.1", IPAddress.Parse("240.0.0.2"), 8));

        Assert.NotEqual(0, _lab.Dropped("not_serving"));
    }

    private async Task ServeAsync()
    {
        Listen(_lab.Internet, NodeLab.Server, 7);
        var address = _lab.Address(0, _lab.WorkerPeer("240.0.0.2"));
        await _lab.ApplyAsync(address, _lab.Address(1));
        await _lab.ConnectWorkerAsync(address, "240.0.0.2");
    }

    private void LodgeIn(NetworkNamespace place, IPAddress address, int port)
    {
        NodeLab.Ip(place, $"address add {address}/32 dev lo");
        Listen(place, address, port);
    }

    private void Listen(NetworkNamespace place, IPAddress address, params int[] ports)
    {
        foreach (var port in ports)
            _listeners.Add(new Echo(place, address, port));
    }

    private void Send(IPAddress address, int port) => _lab.Internet.Run(() =>
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.SendTo([1], new IPEndPoint(address, port));
    });
}
