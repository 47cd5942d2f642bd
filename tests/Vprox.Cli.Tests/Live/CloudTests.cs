using System.Net;
using Vprox.Lab.Namespaces;

namespace Vprox.Cli.Tests.Live;

/// <summary><c>--cloud aws</c>: the internet is EC2's gateway, which leads a public address to a private one and back.</summary>
public sealed class CloudTests : StandAloneTest
{
    private const string Mac = "network/interfaces/macs/02:00:00:00:00:01";

    [Fact]
    public async Task Every_address_that_EC2_associates_is_served_on_whatever_interface_and_changes_are_followed()
    {
        using var imds = new SmallImds(Network.HostA);
        var mac = StandAloneNetwork.Ip(Network.HostA, "-br link show up0").Split(" ", StringSplitOptions.RemoveEmptyEntries)[2];
        void Show(params (string Private, string Public)[] associations)
        {
            imds.Values[$"{Path(mac)}/local-ipv4s"] = string.Join('\n', associations.Select(each => each.Private).Prepend("198.51.100.10").Distinct());
            foreach (var (local, publicly) in associations)
                imds.Values[$"{Path(mac)}/ipv4-associations/{publicly}"] = local;
            imds.Values[$"{Path(mac)}/public-ipv4s"] = string.Join('\n', associations.Select(each => each.Public));
        }
        imds.Values["instance-id"] = "i-1";
        imds.Values["placement/region"] = "us-east-1";
        imds.Values["network/interfaces/macs/"] = $"{mac}/";
        imds.Values[$"{Path(mac)}/interface-id"] = "eni-1";
        imds.Values[$"{Path(mac)}/subnet-id"] = "subnet-1";
        imds.Values[$"{Path(mac)}/subnet-ipv4-cidr-block"] = "198.51.100.8/30";
        imds.Values[$"{Path(mac)}/device-number"] = "0";
        StandAloneNetwork.Ip(Network.HostA, "address del 192.0.2.10/32 dev up0");
        // 192.0.2.10 is the primary address's, 192.0.2.11 a secondary one's that the host does not have yet.
        Associate("192.0.2.10", "198.51.100.10");
        Associate("192.0.2.11", "10.0.1.11");
        StandAloneNetwork.Ip(Network.Internet, "route add 192.0.2.11/32 via 198.51.100.10");
        StandAloneNetwork.Ip(Network.Internet, "route add 10.0.1.11/32 via 198.51.100.10");
        Show(("198.51.100.10", "192.0.2.10"));

        var server = Start(Network.HostA, $"server --cloud aws --metadata-url {SmallImds.Url}");
        await server.SaysAsync("192.0.2.10 is served from server");
        await StartClientAsync();
        Assert.StartsWith("192.0.2.10:", await StandAloneNetwork.SeenFromAsync(Network.Client1), StringComparison.Ordinal);

        Show(("198.51.100.10", "192.0.2.10"), ("10.0.1.11", "192.0.2.11"));
        await server.SaysAsync("192.0.2.11 is served from server");
        var second = Start(Network.Client2, "connect 192.0.2.11");
        await second.SaysAsync("leads to 192.0.2.11");
        Assert.StartsWith("192.0.2.11:", await StandAloneNetwork.SeenFromAsync(Network.Client2), StringComparison.Ordinal);

        Show(("198.51.100.10", "192.0.2.10"));
        await StandAloneNetwork.UntilAsync("the host lost 10.0.1.11", () => !StandAloneNetwork.Ip(Network.HostA, "address show dev up0").Contains("10.0.1.11", StringComparison.Ordinal));
        Assert.StartsWith("192.0.2.10:", await StandAloneNetwork.SeenFromAsync(Network.Client1), StringComparison.Ordinal);
        Assert.Contains("198.51.100.10/30", StandAloneNetwork.Ip(Network.HostA, "address show dev up0"), StringComparison.Ordinal);

        static string Path(string mac) => Mac[..^17] + mac;
    }

    private void Associate(string publicly, string privately) => StandAloneNetwork.Shell(Network.Internet, $$"""
        nft 'table ip eip { chain in { type nat hook prerouting priority dstnat; ip daddr {{publicly}} dnat to {{privately}}; }; chain out { type nat hook postrouting priority srcnat; ip saddr {{privately}} snat to {{publicly}}; }; chain here { type nat hook input priority 100; ip saddr {{privately}} snat to {{publicly}}; }; }'
        """);
}
