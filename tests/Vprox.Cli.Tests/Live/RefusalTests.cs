using System.Net;
using System.Net.Sockets;

namespace Vprox.Cli.Tests.Live;

/// <summary>What people read when something is missing.</summary>
public sealed class RefusalTests : StandAloneTest
{
    private const string Wall = "nft 'table inet wall { chain f { type filter hook forward priority 0; udp dport 50227 drop; }; }'";

    private async Task RefusesAsync(string arguments, string sentence, string? password = "open sesame")
    {
        var (code, log) = await RunAsync(Network.HostA, arguments, password);
        Assert.True(code == 1 && log.Contains(sentence, StringComparison.Ordinal), $"{code}: {log}");
        Assert.DoesNotContain("   at ", log, StringComparison.Ordinal);
        Assert.DoesNotContain("vp50227", StandAloneNetwork.Ip(Network.HostA, "link show"), StringComparison.Ordinal);
    }

    [Fact]
    public Task Without_a_password() => RefusesAsync(Serve, "the environment variable VPROX_PASSWORD is not set", password: null);

    [Fact]
    public Task An_address_that_is_not_here() =>
        RefusesAsync("server --ip 192.0.2.99", "192.0.2.99 is not on this host, which has 198.51.100.10 (up0), 192.0.2.10 (up0)");

    [Fact]
    public async Task A_port_in_use()
    {
        using var web = Network.HostA.Run(() => new TcpListener(IPAddress.Any, 443));
        web.Start();
        await RefusesAsync(Serve, "port 443 of 192.0.2.10 is in use by another program");
    }

    [Fact]
    public async Task A_kernel_without_wireguard_and_no_other_kernel()
    {
        const string arguments = Serve + " --wireguard Kernel";
        if (KernelHasWireGuard())
        {
            await StartServerAsync(arguments: arguments);
            Assert.Contains("wireguard", StandAloneNetwork.Ip(Network.HostA, "-d link show dev vp50227"), StringComparison.Ordinal);
        }
        else
            await RefusesAsync(arguments, "this kernel has no WireGuard");
    }

    [Fact]
    public async Task A_second_server()
    {
        await StartServerAsync();
        var (code, log) = await RunAsync(Network.HostA, "server --ip 198.51.100.10");
        Assert.True(code == 1 && log.Contains("another vprox process works with", StringComparison.Ordinal), log);
    }

    [Fact]
    public void Nobody_who_is_not_root()
    {
        var text = StandAloneNetwork.Shell(Network.HostA,
            $"VPROX_PASSWORD=x DOTNET_CLI_HOME=/tmp setpriv --reuid=65534 --clear-groups $(command -v dotnet) {Path.Combine(AppContext.BaseDirectory, "vprox.dll")} {Serve} 2>&1 || true");
        Assert.Contains("this needs root", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_interface_that_is_somebody_elses()
    {
        await StartServerAsync();
        StandAloneNetwork.Ip(Network.Client1, "link add vprox0 type bridge");
        var (code, log) = await RunAsync(Network.Client1, Dial);
        Assert.True(code == 1 && log.Contains("there is a network interface vprox0 that is not this client's", StringComparison.Ordinal), log);
        Assert.Contains("vprox0", StandAloneNetwork.Ip(Network.Client1, "link show"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_is_not_there()
    {
        var (code, log) = await RunAsync(Network.Client1, Dial);
        Assert.True(code == 1 && log.Contains("https://192.0.2.10/connect", StringComparison.Ordinal), log);
    }

    [Fact]
    public async Task A_way_that_is_closed_for_wireguard()
    {
        var server = await StartServerAsync();
        StandAloneNetwork.Shell(Network.Internet, Wall);
        var (code, log) = await RunAsync(Network.Client1, Dial);
        Assert.True(code == 1 && log.Contains("is UDP port 50227 open on the way to it?", StringComparison.Ordinal), log);
        Assert.DoesNotContain("vprox0", StandAloneNetwork.Ip(Network.Client1, "link show"), StringComparison.Ordinal);
        // Its blocks are free for others at once.
        await server.SaysAsync("was removed: disconnected");
    }

    [Fact]
    public async Task A_way_that_is_closed_for_wireguard_where_a_tunnel_was_kept_which_stays()
    {
        var server = await StartServerAsync();
        Assert.Equal(0, await (await StartClientAsync(arguments: Dial + " --keep")).StopAsync());
        StandAloneNetwork.Shell(Network.Internet, Wall);
        var (code, log) = await RunAsync(Network.Client1, Dial);
        Assert.True(code == 1 && log.Contains("is UDP port 50227 open on the way to it?", StringComparison.Ordinal), log);
        Assert.DoesNotContain("was removed", server.Log, StringComparison.Ordinal);

        StandAloneNetwork.Shell(Network.Internet, "nft delete table inet wall");
        Assert.StartsWith("192.0.2.10:", await StandAloneNetwork.SeenFromAsync(Network.Client1), StringComparison.Ordinal);
    }

    private bool KernelHasWireGuard()
    {
        var made = StandAloneNetwork.Shell(Network.Client2, "ip link add probe0 type wireguard 2>/dev/null && echo made || true").Contains("made", StringComparison.Ordinal);
        if (made)
            StandAloneNetwork.Ip(Network.Client2, "link delete probe0");
        return made;
    }
}
