using System.Net;
using Vprox.Addressing;
using static Vprox.Netlink.Tests.Golden.RequestBytes;

namespace Vprox.Netlink.Tests.Golden;

/// <summary>What iproute2 6.1 sends for the command beside it, taken with strace; its sequence number is set to 1.</summary>
public sealed class RuleBytesTests
{
    private static readonly RuleSpec Container = new() { From = Ipv4Prefix.Host(IPAddress.Parse("10.0.0.2")), Priority = 1000, Table = 1000 };

    [Fact]
    public void A_container_gets_its_rule() => Same(
        "ip rule add from 10.0.0.2 priority 1000 protocol 86 lookup 1000",
        new AddRule(Container),
        "3c000000200005060100000000000000020020000000000100000000080002000a00000208000600e8030000050015005600000008000f00e8030000");

    [Fact]
    public void A_rule_selects_by_source_destination_link_and_mark() => Same(
        "ip rule add from 10.0.0.0/24 to 192.0.2.0/24 iif veth0 fwmark 0x1/0xff priority 1001 protocol 86 lookup 100",
        new AddRule(new RuleSpec
        {
            From = Ipv4Prefix.Parse("10.0.0.0/24"),
            To = Ipv4Prefix.Parse("192.0.2.0/24"),
            InputLink = "veth0",
            FirewallMark = 1,
            FirewallMask = 0xff,
            Priority = 1001,
            Table = 100,
        }),
        "58000000200005060100000000000000021818006400000100000000080002000a00000008000100c00002000a000300766574683000000008000a000100000008001000ff00000008000600e90300000500150056000000");

    [Fact]
    public void A_rule_leaves_out_default_routes() => Same(
        "ip rule add from all priority 1002 protocol 86 lookup 254 suppress_prefixlength 0",
        new AddRule(new RuleSpec { Priority = 1002, Table = RouteTable.Main, SuppressPrefixLength = 0 }),
        "3400000020000506010000000000000002000000fe0000010000000008000600ea030000050015005600000008000e0000000000");

    [Fact]
    public void A_rule_drops_what_it_does_not_select() => Same(
        "ip rule add not from 10.0.0.3 oif veth0 priority 1003 protocol 86 unreachable",
        new AddRule(new RuleSpec
        {
            Invert = true,
            From = Ipv4Prefix.Host(IPAddress.Parse("10.0.0.3")),
            OutputLink = "veth0",
            Priority = 1003,
            Action = RuleAction.Unreachable,
        }),
        "40000000200005060100000000000000020020000000000702000000080002000a0000030a001100766574683000000008000600eb0300000500150056000000");

    // ip leaves the action zero, which matches rules of any action; ours says lookup.
    [Fact]
    public void A_rule_is_deleted_with_its_action_and_protocol() => Same(
        "ip rule delete from 10.0.0.2 priority 1000 protocol 86 lookup 1000",
        new DeleteRule(Container),
        "3c000000210005000100000000000000020020000000000100000000080002000a00000208000600e8030000050015005600000008000f00e8030000");
}
