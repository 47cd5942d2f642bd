namespace Vprox.Cli.Tests.Live;

/// <summary>A server keeps the settings of a node. These are its namespace's own; those of the whole machine are the same code's, and are raised only.</summary>
public sealed class HostSettingsTests : StandAloneTest
{
    [Fact]
    public async Task A_server_sets_what_it_needs_of_its_host_says_so_and_keeps_it()
    {
        StandAloneNetwork.Shell(Network.HostA, "sysctl -qw net.ipv4.fwmark_reflect=0 net.ipv4.ip_local_reserved_ports=8080");
        var server = await StartServerAsync();
        Assert.Equal("1", Value("fwmark_reflect"));
        Assert.Equal("8080,49152-65535", Value("ip_local_reserved_ports"));
        Assert.Contains("net.ipv4.fwmark_reflect was set to 1, it was 0", server.Log, StringComparison.Ordinal);

        StandAloneNetwork.Shell(Network.HostA, "sysctl -qw net.ipv4.fwmark_reflect=0");
        await server.SaysAsync("net.ipv4.fwmark_reflect was set to 1 again, somebody had changed it to 0");
        Assert.Equal("1", Value("fwmark_reflect"));
    }

    private string Value(string setting) => StandAloneNetwork.Shell(Network.HostA, $"cat /proc/sys/net/ipv4/{setting}").Trim();
}
