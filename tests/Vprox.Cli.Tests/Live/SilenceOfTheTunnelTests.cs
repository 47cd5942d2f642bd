using System.Globalization;
using System.Text.RegularExpressions;

namespace Vprox.Cli.Tests.Live;

/// <summary>The server answers by HTTPS, and nothing comes through the tunnel: a firewall in between that lost its mind, or a node whose WireGuard hangs.</summary>
public sealed partial class SilenceOfTheTunnelTests(ITestOutputHelper output) : StandAloneTest
{
    [Fact]
    public async Task A_server_that_agrees_in_vain_is_not_asked_without_end_and_the_tunnel_is_back_when_its_way_is()
    {
        await StartServerAsync();
        var client = await StartClientAsync();
        StandAloneNetwork.Shell(Network.Internet,
            "nft 'table inet wall { chain f { type filter hook forward priority 0; udp dport 50227 drop; tcp dport 443 tcp flags & (syn | ack) == syn counter; }; }'");
        await client.SaysAsync("hears nothing from");
        await Task.Delay(TimeSpan.FromSeconds(15));
        var connections = Connections();

        // Without growth it would be one in 0.8 s.
        Assert.InRange(connections, 2, 8);
        StandAloneNetwork.Shell(Network.Internet, "nft delete table inet wall");
        await client.SaysAsync("reaches 192.0.2.10 again");
        output.WriteLine($"{connections} connections in 15 s\n{client.Log}");
        Assert.InRange(double.Parse(Seconds().Match(client.Log).Groups[1].Value, CultureInfo.InvariantCulture), 15, 25);
        Assert.StartsWith("192.0.2.10:", await StandAloneNetwork.SeenFromAsync(Network.Client1), StringComparison.Ordinal);
    }

    private int Connections() => int.Parse(Packets().Match(StandAloneNetwork.Shell(Network.Internet, "nft list table inet wall")).Groups[1].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex("counter packets ([0-9]+)")]
    private static partial Regex Packets();

    [GeneratedRegex("again, .*, ([0-9.]+) s after")]
    private static partial Regex Seconds();
}
