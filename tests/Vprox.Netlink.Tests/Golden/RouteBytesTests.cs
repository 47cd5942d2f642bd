using System.Net;
using System.Net.NetworkInformation;
using Vprox.Addressing;
using static Vprox.Netlink.Tests.Golden.RequestBytes;

namespace Vprox.Netlink.Tests.Golden;

/// <summary>What iproute2 6.1 sends for the command beside it, taken with strace; its sequence number is set to 1.</summary>
public sealed class RouteBytesTests
{
    private static readonly IPAddress Gateway = IPAddress.Parse("10.0.0.254");

    [Fact]
    public void An_address_is_added() => Same(
        "ip address add 240.0.0.1/22 dev if3",
        new AddAddress(3, IPAddress.Parse("240.0.0.1"), 22),
        "28000000140005060100000000000000021600000300000008000200f000000108000100f0000001");

    [Fact]
    public void An_address_is_deleted() => Same(
        "ip address delete 240.0.0.1/22 dev if3",
        new DeleteAddress(3, IPAddress.Parse("240.0.0.1"), 22),
        "28000000150005000100000000000000021600000300000008000200f000000108000100f0000001");

    [Fact]
    public void A_default_route_is_added_to_a_table_beyond_255() => Same(
        "ip route add default via 10.0.0.254 dev if3 table 1000 proto 86",
        new AddRoute(new RouteSpec { Gateway = Gateway, LinkIndex = 3, Table = 1000 }),
        "34000000180005060100000000000000020000000056000100000000080005000a0000fe08000f00e80300000800040003000000");

    [Fact]
    public void A_route_is_replaced_with_metric_and_source() => Same(
        "ip route replace 192.0.2.0/24 via 10.0.0.254 dev if3 table 100 proto 86 metric 10 src 10.0.0.1",
        new ReplaceRoute(new RouteSpec
        {
            Destination = Ipv4Prefix.Parse("192.0.2.0/24"),
            Gateway = Gateway,
            LinkIndex = 3,
            Table = 100,
            Metric = 10,
            Source = IPAddress.Parse("10.0.0.1"),
        }),
        "4400000018000505010000000000000002180000645600010000000008000100c0000200080005000a0000fe080006000a000000080007000a0000010800040003000000");

    [Fact]
    public void A_route_to_hosts_on_the_link_has_link_scope() => Same(
        "ip route add 198.51.100.0/24 dev if3 table 254 proto 86",
        new AddRoute(new RouteSpec { Destination = Ipv4Prefix.Parse("198.51.100.0/24"), LinkIndex = 3 }),
        "2c00000018000506010000000000000002180000fe56fd010000000008000100c63364000800040003000000");

    [Fact]
    public void A_kill_switch_is_an_unreachable_default_of_worse_metric() => Same(
        "ip route add unreachable default table 1000 proto 86 metric 4278198272",
        new AddRoute(new RouteSpec { Type = RouteType.Unreachable, Table = 1000, Metric = 4278198272 }),
        "2c00000018000506010000000000000002000000005600070000000008000f00e803000008000600002000ff");

    [Fact]
    public void A_gateway_is_taken_to_be_on_the_link() => Same(
        "ip route add 203.0.113.0/24 via 203.0.113.1 dev if3 table 254 proto 86 onlink",
        new AddRoute(new RouteSpec { Destination = Ipv4Prefix.Parse("203.0.113.0/24"), Gateway = IPAddress.Parse("203.0.113.1"), LinkIndex = 3, OnLink = true }),
        "3400000018000506010000000000000002180000fe5600010400000008000100cb00710008000500cb0071010800040003000000");

    // ip leaves the type zero ("…56ff00…"), which matches routes of any type; ours says unicast, so that a kill switch is never deleted for a route.
    [Fact]
    public void A_route_is_deleted_with_its_type() => Same(
        "ip route delete default via 10.0.0.254 dev if3 table 1000 proto 86",
        new DeleteRoute(new RouteSpec { Gateway = Gateway, LinkIndex = 3, Table = 1000 }),
        "34000000190005000100000000000000020000000056ff0100000000080005000a0000fe08000f00e80300000800040003000000");

    [Fact]
    public void A_neighbour_is_set_for_good() => Same(
        "ip neigh replace 10.0.0.9 lladdr 02:00:00:00:00:09 nud permanent dev if3",
        new AddNeighbor(3, IPAddress.Parse("10.0.0.9"), PhysicalAddress.Parse("020000000009")),
        "300000001c0005050100000000000000020000000300000080000000080001000a0000090a0002000200000000090000");

    [Fact]
    public void A_neighbour_is_deleted() => Same(
        "ip neigh delete 10.0.0.9 dev if3",
        new DeleteNeighbor(3, IPAddress.Parse("10.0.0.9")),
        "240000001d0005000100000000000000020000000300000080000000080001000a000009");

    [Fact]
    public void A_proxy_neighbour_is_added() => Same(
        "ip neigh add proxy 10.0.0.8 dev if3",
        new AddProxyNeighbor(3, IPAddress.Parse("10.0.0.8")),
        "240000001c0005060100000000000000020000000300000080000800080001000a000008");

    [Fact]
    public void A_proxy_neighbour_is_deleted() => Same(
        "ip neigh delete proxy 10.0.0.8 dev if3",
        new DeleteProxyNeighbor(3, IPAddress.Parse("10.0.0.8")),
        "240000001d0005000100000000000000020000000300000080000800080001000a000008");
}
