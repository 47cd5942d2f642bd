using System.Globalization;
using System.Net;
using System.Net.NetworkInformation;
using System.Text.Json.Nodes;
using Vprox.Addressing;

namespace Vprox.Netlink.Tests.Live;

public sealed class RouteTests : LiveTest
{
    private static readonly IPAddress Gateway = IPAddress.Parse("10.0.0.254");

    [Fact]
    public void Addresses_are_what_ip_prints()
    {
        var index = AddVethPair();
        Route.Execute(new AddAddress(index, IPAddress.Parse("240.0.0.1"), 32), new AddAddress(index, IPAddress.Parse("240.0.4.1"), 22));
        Inside.Execute("ip", "address", "add", "172.16.0.1", "peer", "172.16.0.2", "dev", "veth1");

        var printed = Ip("-4", "address", "show").SelectMany(link => link["addr_info"]!.AsArray().Where(info => info!.AsObject().Count > 0).Select(info => (
            (int)link["ifindex"]!, (string)info!["local"]!, (int)info["prefixlen"]!, (string?)info["address"])));
        var observed = Route.Addresses().Select(address => (
            address.LinkIndex, address.Address.ToString(), address.PrefixLength, address.Peer?.ToString()));

        Assert.Equal(printed.Order(), observed.Order());
        Assert.Contains(Route.Addresses(), address => address.Peer is { } peer && peer.Equals(IPAddress.Parse("172.16.0.2")));

        Route.Execute(new DeleteAddress(index, IPAddress.Parse("240.0.0.1"), 32));
        Assert.DoesNotContain("240.0.0.1/", Inside.Execute("ip", "address"), StringComparison.Ordinal);
    }

    [Fact]
    public void Routes_are_what_ip_prints_and_what_was_asked_for()
    {
        var index = AddVethPair();
        RouteSpec[] specs =
        [
            new() { Gateway = Gateway, LinkIndex = index, Table = 1000 },
            new() { Type = RouteType.Unreachable, Table = 1000, Metric = 4278198272 },
            new() { Destination = Ipv4Prefix.Parse("192.0.2.0/24"), Gateway = Gateway, LinkIndex = index, Metric = 10, Source = IPAddress.Parse("10.0.0.1") },
            new() { Destination = Ipv4Prefix.Parse("198.51.100.7/32"), LinkIndex = index, Table = 200 },
            new() { Destination = Ipv4Prefix.Parse("203.0.113.0/24"), Gateway = IPAddress.Parse("203.0.113.1"), LinkIndex = index, OnLink = true },
            new() { Type = RouteType.Blackhole, Destination = Ipv4Prefix.Parse("240.0.0.0/4"), Table = 4_000_000_000 },
        ];

        Route.Execute([.. specs.Select(spec => new AddRoute(spec))]);

        Assert.Equal(specs.ToHashSet(), Route.Routes(protocol: RouteProtocol.Vprox).Select(route => route.ToSpec()).ToHashSet());
        var printed = Ip("-4", "-N", "route", "show", "table", "all", "proto", "86").Select(node => (
            (string)node["dst"]!, Number(node["type"]!), (string?)node["gateway"], (string?)node["dev"], Number(node["table"] ?? "254"),
            Number(node["metric"] ?? "0"), (string?)node["prefsrc"]));
        var observed = Route.Routes(protocol: RouteProtocol.Vprox).Select(route => (
            Text(route.Destination), (uint)route.Type, route.Gateway?.ToString(), route.LinkIndex is null ? null : "veth0", route.Table, route.Metric, route.Source?.ToString()));
        Assert.Equal(printed.Order(), observed.Order());

        Route.Execute([.. specs.Select(spec => new DeleteRoute(spec))]);
        Assert.Empty(Route.Routes(protocol: RouteProtocol.Vprox));
    }

    [Fact]
    public void Routes_of_one_table_are_listed_alone_and_a_table_that_does_not_exist_has_none()
    {
        var index = AddVethPair();
        Route.Execute(
            new AddRoute(new RouteSpec { Gateway = Gateway, LinkIndex = index, Table = 1000 }),
            new AddRoute(new RouteSpec { Gateway = Gateway, LinkIndex = index, Table = 1001, Protocol = RouteProtocol.Static }));

        Assert.Equal(1000u, Assert.Single(Route.Routes(table: 1000)).Table);
        Assert.Empty(Route.Routes(table: 1001, protocol: RouteProtocol.Vprox));
        Assert.Single(Route.Routes(table: 1001, protocol: RouteProtocol.Static));
        Assert.Empty(Route.Routes(table: 424242));
        Assert.Contains(Route.Routes(), route => route is { Table: RouteTable.Local, Type: RouteType.Local });
    }

    [Fact]
    public void Replacing_changes_the_route_of_the_same_metric_and_no_other()
    {
        var index = AddVethPair();
        var killSwitch = new RouteSpec { Type = RouteType.Unreachable, Table = 1000, Metric = 4278198272 };
        var first = new RouteSpec { Gateway = Gateway, LinkIndex = index, Table = 1000 };
        var second = first with { Gateway = IPAddress.Parse("10.0.0.253") };

        Route.Execute(new AddRoute(killSwitch), new ReplaceRoute(first), new ReplaceRoute(second));

        Assert.Equal([second, killSwitch], Route.Routes(table: 1000).Select(route => route.ToSpec()));
    }

    [Fact]
    public void The_route_of_a_packet_is_told_also_when_there_is_none()
    {
        var index = AddVethPair();
        var container = IPAddress.Parse("10.0.0.7");
        Route.Execute(
            new AddRoute(new RouteSpec { Gateway = Gateway, LinkIndex = index }),
            new AddRoute(new RouteSpec { Type = RouteType.Unreachable, Table = 1000, Metric = 4278198272 }),
            new AddRule(new RuleSpec { From = Ipv4Prefix.Host(container), Priority = 1000, Table = 1000 }),
            new AddRule(new RuleSpec { FirewallMark = 5, Priority = 1001, Table = 1001 }),
            new AddRoute(new RouteSpec { Gateway = IPAddress.Parse("10.0.0.253"), LinkIndex = index, Table = 1001 }),
            new AddAddress(index, container, 32));

        Assert.Equal(Gateway, Route.RouteTo(IPAddress.Parse("192.0.2.1"))!.Gateway);
        Assert.Equal(IPAddress.Parse("10.0.0.253"), Route.RouteTo(IPAddress.Parse("192.0.2.1"), mark: 5)!.Gateway);
        Assert.Null(Route.RouteTo(IPAddress.Parse("192.0.2.1"), container));
        Route.Execute(new DeleteRoute(new RouteSpec { Gateway = Gateway, LinkIndex = index }));
        Assert.Null(Route.RouteTo(IPAddress.Parse("192.0.2.1")));
    }

    [Fact]
    public void Neighbours_and_proxies_are_what_ip_prints()
    {
        var index = AddVethPair();
        var hardwareAddress = PhysicalAddress.Parse("020000000009");
        Route.Execute(
            new AddNeighbor(index, IPAddress.Parse("10.0.0.9"), hardwareAddress),
            new AddProxyNeighbor(index, IPAddress.Parse("10.0.0.8")));

        Assert.Equal(hardwareAddress, Assert.Single(Route.Neighbors(), neighbor => neighbor.State == NeighborState.Permanent).HardwareAddress);
        Assert.Equal("10.0.0.8", Assert.Single(Route.ProxyNeighbors()).Address.ToString());
        Assert.Contains("10.0.0.9 lladdr 02:00:00:00:00:09 PERMANENT", Inside.Execute("ip", "neigh", "show", "dev", "veth0"), StringComparison.Ordinal);
        Assert.Contains("10.0.0.8", Inside.Execute("ip", "neigh", "show", "proxy"), StringComparison.Ordinal);

        Route.Execute(new DeleteNeighbor(index, IPAddress.Parse("10.0.0.9")), new DeleteProxyNeighbor(index, IPAddress.Parse("10.0.0.8")));
        Assert.Empty(Route.ProxyNeighbors());
        Assert.DoesNotContain("PERMANENT", Inside.Execute("ip", "neigh"), StringComparison.Ordinal);
    }

    [Fact]
    public void Errors_hold_the_command_the_kernels_words_and_the_offset()
    {
        AddVethPair();

        var unreachable = Assert.Throws<NetlinkException>(() => Route.Execute(new AddRoute(new RouteSpec { Gateway = IPAddress.Parse("172.31.0.1") })));
        var missing = Assert.Throws<NetlinkException>(() => Route.Execute(new DeleteRoute(new RouteSpec { Gateway = Gateway })));

        Assert.Equal(
            "ip route add default via 172.31.0.1 table 254 proto 86: Nexthop has invalid gateway (ENETUNREACH, errno 101)", unreachable.Message);
        Assert.Equal(Errno.ESRCH, missing.Errno);
        Assert.Equal("ip route delete default via 10.0.0.254 table 254 proto 86: No such process (ESRCH, errno 3)", missing.Message);
    }

    private static string Text(Ipv4Prefix prefix) =>
        prefix == default ? "default" : prefix.Length == 32 ? prefix.Network.ToString() : prefix.ToString();

    private static uint Number(JsonNode node) => uint.Parse(node.ToString(), CultureInfo.InvariantCulture);
}
