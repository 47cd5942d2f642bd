using System.Net;
using System.Net.Sockets;
using Vprox.Lab.Namespaces;

namespace Vprox.Cli.Tests.Live;

public sealed class TwoCommandsTests : StandAloneTest
{
    [Fact]
    public async Task Two_clients_are_seen_with_the_servers_address_and_nothing_else_of_them_is()
    {
        await StartServerAsync();
        await StartClientAsync();
        await StartClientAsync(Network.Client2);
        Assert.StartsWith("192.0.2.10:", await StandAloneNetwork.SeenFromAsync(Network.Client1), StringComparison.Ordinal);
        Assert.StartsWith("192.0.2.10:", await StandAloneNetwork.SeenFromAsync(Network.Client2), StringComparison.Ordinal);
        Assert.StartsWith("198.51.100.2:", await StandAloneNetwork.SeenFromAsync(Network.Client1, link: null), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_leaves_from_the_ports_of_its_blocks_which_another_never_has()
    {
        await StartServerAsync();
        var first = await StartClientAsync();
        var second = await StartClientAsync(Network.Client2);
        Assert.Contains("with 4 port blocks", first.Log, StringComparison.Ordinal);
        var blocks = new List<HashSet<int>>();
        foreach (var client in (NetworkNamespace[])[Network.Client1, Network.Client2])
        {
            var ports = new HashSet<int>();
            for (var i = 0; i < 12; i++)
                ports.Add((int.Parse((await StandAloneNetwork.SeenFromAsync(client)).Split(':')[1], System.Globalization.CultureInfo.InvariantCulture) - 1024) / 256);
            Assert.Equal(4, ports.Count);
            Assert.All(ports, block => Assert.InRange(block, 0, 155));
            blocks.Add(ports);
        }
        Assert.Empty(blocks[0].Intersect(blocks[1]));
        Assert.DoesNotContain("sesame", first.Log + second.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_hosts_own_services_and_connections_go_on_where_its_only_address_is_served()
    {
        using var ssh = Network.HostA.Run(() => new TcpListener(StandAloneNetwork.Address, 22));
        ssh.Start();
        using var app = Network.HostA.Run(() => new TcpListener(StandAloneNetwork.Address, 8080));
        app.Start();
        await StartServerAsync();
        foreach (var port in (int[])[22, 8080])
        {
            using var login = Network.Client1.Run(() => new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp));
            using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(5));
            await login.ConnectAsync(new IPEndPoint(StandAloneNetwork.Address, port), deadline.Token);
        }
        using var outgoing = Network.HostA.Run(() => new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp));
        outgoing.Bind(new IPEndPoint(StandAloneNetwork.Address, 0));
        await outgoing.ConnectAsync(StandAloneNetwork.Echo);
    }

    [Fact]
    public async Task What_the_host_translates_and_routes_for_others_goes_on()
    {
        using var guest = Network.AddGuest();
        using var app = guest.Run(() => new TcpListener(StandAloneNetwork.Guest, 8080));
        app.Start();
        await StartServerAsync();
        await StartClientAsync();
        // As a container bridge does it: out with the host's address, in by a port of it.
        Assert.Equal("192.0.2.10", (await StandAloneNetwork.SeenFromAsync(guest, link: null)).Split(':')[0]);
        using (var visitor = Network.Client1.Run(() => new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)))
        {
            using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(5));
            await visitor.ConnectAsync(new IPEndPoint(StandAloneNetwork.Address, 8080), deadline.Token);
        }
        // As a router does it: with an address of the guest's own.
        Network.TranslateGuest(false);
        Assert.Equal($"{StandAloneNetwork.Guest}", (await StandAloneNetwork.SeenFromAsync(guest, link: null)).Split(':')[0]);
    }

    [Fact]
    public async Task A_client_that_ends_leaves_nothing_on_either_side()
    {
        var server = await StartServerAsync();
        var client = await StartClientAsync();
        Assert.Equal(0, await client.StopAsync());
        await server.SaysAsync("was removed: disconnected");
        Assert.DoesNotContain("vprox0", StandAloneNetwork.Ip(Network.Client1, "link show"), StringComparison.Ordinal);
        Assert.Equal("", Network.Client1.Execute("nft", "list", "tables").Trim());
    }

    [Fact]
    public async Task A_tunnel_that_is_kept_or_whose_client_was_killed_is_taken_over_with_its_connections()
    {
        await StartServerAsync();
        var client = await StartClientAsync(arguments: Dial + " --keep");
        using var stream = await StandAloneNetwork.OpenAsync(Network.Client1);
        Assert.Equal(0, await client.StopAsync());
        await stream.EchoAsync();
        client = await StartClientAsync();
        await stream.EchoAsync();
        client.Kill();
        await stream.EchoAsync();
        await StartClientAsync();
        await stream.EchoAsync();
    }

    [Fact]
    public async Task Down_removes_a_server_from_the_kernel_and_nothing_else()
    {
        StandAloneNetwork.Shell(Network.HostA, "nft add table inet mine");
        var before = Picture();
        var server = await StartServerAsync();
        Assert.NotEqual(before, Picture());
        Assert.Equal(0, await server.StopAsync());
        Assert.Contains("vp50227", StandAloneNetwork.Ip(Network.HostA, "link show"), StringComparison.Ordinal);
        Assert.Equal(0, (await RunAsync(Network.HostA, "server --down")).Code);
        Assert.Equal(before, Picture());
    }

    private string Picture() => string.Join('\n', StandAloneNetwork.Ip(Network.HostA, "-4 address show"), StandAloneNetwork.Ip(Network.HostA, "rule show"),
        StandAloneNetwork.Ip(Network.HostA, "-4 route show table all"), Network.HostA.Execute("nft", "list", "tables"));
}
