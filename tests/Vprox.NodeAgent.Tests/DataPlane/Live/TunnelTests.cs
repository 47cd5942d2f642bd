using System.Net;
using Vprox.Addressing;
using Vprox.NodeAgent.Core;
using Vprox.NodeAgent.Tests.Given;

namespace Vprox.NodeAgent.Tests.DataPlane.Live;

/// <summary>Traffic through a real tunnel and a real kernel.</summary>
public sealed class TunnelTests : IDisposable
{
    private readonly NodeLab _lab = new();
    private readonly Echo _echo;

    public TunnelTests() => _echo = new Echo(_lab.Internet, NodeLab.Server, 7);

    public void Dispose()
    {
        _echo.Dispose();
        _lab.Dispose();
    }

    [Fact]
    public async Task A_connection_leaves_from_the_static_address_and_keeps_a_port_of_its_block()
    {
        await ServeAsync("240.0.0.2");

        using var client = await ConnectAsync("240.0.0.2", 1030);

        Assert.Equal("10.0.1.64:1030", await client.ReceiveLineAsync());
    }

    [Fact]
    public async Task A_port_outside_the_block_is_mapped_into_it_and_addresses_without_a_block_share_a_range()
    {
        await ServeAsync("240.0.0.3", "240.0.0.158");

        using var outside = await ConnectAsync("240.0.0.3", 50_000);
        using var shared = await ConnectAsync("240.0.0.158", 1030);

        var mapped = IPEndPoint.Parse(await outside.ReceiveLineAsync());
        Assert.Equal("10.0.1.64", mapped.Address.ToString());
        Assert.True(new PortRange(1280, 1535).Contains(mapped.Port), $"{mapped} is not in block 1");
        var other = IPEndPoint.Parse(await shared.ReceiveLineAsync());
        Assert.Equal("10.0.1.64", other.Address.ToString());
        Assert.True(AddressLayout.SharedPorts.Contains(other.Port), $"{other} is not in the shared range");
    }

    [Fact]
    public async Task Connections_go_on_when_the_translation_state_is_lost_whoever_speaks_next()
    {
        await ServeAsync("240.0.0.2");
        using var speaking = await ConnectAsync("240.0.0.2", 1030);
        using var listening = await ConnectAsync("240.0.0.2", 1031);
        await speaking.ReceiveLineAsync();
        await listening.ReceiveLineAsync();

        _lab.Node.Execute("conntrack", "-F");
        await speaking.SendAsync("still here\n");
        Assert.Equal("still here", await speaking.ReceiveLineAsync());

        _lab.Node.Execute("conntrack", "-F");
        await _echo.PushAsync("pushed\n");
        Assert.Equal("pushed", await listening.ReceiveLineAsync());
        Assert.Equal("pushed", await speaking.ReceiveLineAsync());
    }

    [Fact]
    public async Task Ping_goes_to_the_internet_and_to_the_tunnels_own_server_address()
    {
        await ServeAsync("240.0.0.2");

        _lab.WorkerHost.Execute("ping", "-c1", "-W10", "-I", "240.0.0.2", "240.0.0.1");
        _lab.WorkerHost.Execute("ping", "-c1", "-W10", "-I", "240.0.0.2", $"{NodeLab.Server}");
    }

    [Fact]
    public async Task Segments_are_clamped_to_the_tunnels_mtu_in_both_directions()
    {
        await ServeAsync("240.0.0.2");
        using var client = await ConnectAsync("240.0.0.2", 1030);

        var sockets = _lab.Internet.Execute("ss", "-tin", "sport", "=", ":7");

        // What the server sends: 1420 less 40 bytes of headers, less 12 of timestamps.
        Assert.Contains("mss:1368", sockets, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Flows_of_tunnels_wait_a_short_time_only()
    {
        await ServeAsync("240.0.0.2");
        using (var client = await ConnectAsync("240.0.0.2", 1030))
            await client.ReceiveLineAsync();

        var flow = "";
        await Eventually.TrueAsync(
            () => (flow = _lab.Node.Execute("conntrack", "-L", "-p", "tcp", "--dport", "7")).Contains("TIME_WAIT", StringComparison.Ordinal),
            "the closed connection waits");

        // "tcp      6 9 TIME_WAIT src=240.0.0.2 …": the kernel's own is 120 s.
        Assert.InRange(int.Parse(flow.Split(' ', StringSplitOptions.RemoveEmptyEntries)[2], System.Globalization.CultureInfo.InvariantCulture), 0, 10);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_node_that_gets_an_address_starts_the_handshake_from_it_and_its_listen_port(bool isHosts)
    {
        var peer = _lab.WorkerPeer("240.0.0.2") with { Endpoint = new IPEndPoint(NodeLab.Worker, NodeLab.WorkerPort) };
        var address = _lab.Address(0, peer) with { IsHosts = isHosts };
        if (isHosts)
            NodeLab.Ip(_lab.Node, $"address add {address.PrivateAddress}/32 dev ens5");
        await _lab.ConnectWorkerAsync(address, endpoint: null, "240.0.0.2");

        await _lab.ApplyAsync(address with { LinkName = null });
        Assert.Null((await _lab.SeenByWorkerAsync()).Endpoint);
        await _lab.DataPlane.ArriveAsync(_lab.Desired(address), CancellationToken.None);
        await _lab.DataPlane.StartHandshakesAsync(address.ListenPort, address.Peers, anew: false, CancellationToken.None);

        await Eventually.TrueAsync(() => _lab.SeenByWorkerAsync().GetAwaiter().GetResult().LastHandshake is not null, "a handshake");
        Assert.Equal(new IPEndPoint(address.PrivateAddress, address.ListenPort), (await _lab.SeenByWorkerAsync()).Endpoint);
        using var client = await ConnectAsync("240.0.0.2", 1030);
        Assert.Equal("10.0.1.64:1030", await client.ReceiveLineAsync());
    }

    [Fact]
    public async Task Nothing_is_forwarded_while_the_address_is_not_here()
    {
        var address = await ServeAsync("240.0.0.2");
        using (var client = await ConnectAsync("240.0.0.2", 1030))
            await client.ReceiveLineAsync();

        await _lab.ApplyAsync(address with { LinkName = null });

        Assert.DoesNotContain("10.0.1.64", _lab.Node.Execute("ip", "address"), StringComparison.Ordinal);
        Assert.True(await Client.IsSilentAsync(_lab.WorkerHost, "240.0.0.2", NodeLab.Server, 7));
        await _lab.ApplyAsync(address);
        using var again = await ConnectAsync("240.0.0.2", 1032);
        Assert.Equal("10.0.1.64:1032", await again.ReceiveLineAsync());
    }

    [Fact]
    public async Task An_address_of_the_second_interface_leaves_by_it()
    {
        var address = _lab.Address(0, _lab.WorkerPeer("240.0.0.2")) with { PrivateAddress = Ipv4.Parse("10.0.2.64"), LinkName = "ens6" };
        await _lab.ApplyAsync(address);
        await _lab.ConnectWorkerAsync(address, "240.0.0.2");

        using var client = await ConnectAsync("240.0.0.2", 1030);

        Assert.Equal("10.0.2.64:1030", await client.ReceiveLineAsync());
        Assert.Contains("10.0.2.64", _lab.Internet.Execute("ip", "neigh", "show", "dev", "node2"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_peer_is_added_and_removed_without_touching_nft()
    {
        var address = _lab.Address(0);
        await _lab.ApplyAsync(address);
        await _lab.ConnectWorkerAsync(address, "240.0.0.2");
        var before = _lab.Node.Execute("nft", "-s", "list", "ruleset");

        await _lab.DataPlane.SetPeersAsync(address.ListenPort, [_lab.WorkerPeer("240.0.0.2")], CancellationToken.None);
        using (var client = await ConnectAsync("240.0.0.2", 1030))
            Assert.Equal("10.0.1.64:1030", await client.ReceiveLineAsync());
        await _lab.DataPlane.RemovePeersAsync(address.ListenPort, [_lab.WorkerKey], CancellationToken.None);
        await _lab.DataPlane.RemovePeersAsync(address.ListenPort, [_lab.WorkerKey], CancellationToken.None);

        Assert.Empty((await _lab.DataPlane.ReadDevicesAsync(CancellationToken.None)).Single().Peers);
        Assert.Equal(before, _lab.Node.Execute("nft", "-s", "list", "ruleset"));
    }

    private async Task<DesiredAddress> ServeAsync(params string[] inner)
    {
        var address = _lab.Address(0, _lab.WorkerPeer(inner));
        await _lab.ApplyAsync(address);
        await _lab.ConnectWorkerAsync(address, inner);
        return address;
    }

    private Task<Client> ConnectAsync(string source, int port) => Client.ConnectAsync(_lab.WorkerHost, source, port, NodeLab.Server, 7);
}
