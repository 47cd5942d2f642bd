using System.Diagnostics;
using System.Net;
using Vprox.Addressing;

namespace Vprox.Netlink.Tests.Live;

public sealed class RuleTests : LiveTest
{
    private static readonly Ipv4Prefix Containers = Ipv4Prefix.Parse("10.64.0.0/16");

    [Fact]
    public void Rules_are_what_ip_prints_and_what_was_asked_for()
    {
        RuleSpec[] specs =
        [
            new() { From = Ipv4Prefix.Parse("10.0.0.2/32"), Priority = 1000, Table = 1000 },
            new() { From = Ipv4Prefix.Parse("10.0.0.0/24"), To = Ipv4Prefix.Parse("192.0.2.0/24"), InputLink = "veth0", FirewallMark = 1, FirewallMask = 0xff, Priority = 1001, Table = 100 },
            new() { Priority = 1002, Table = RouteTable.Main, SuppressPrefixLength = 0 },
            new() { Invert = true, From = Ipv4Prefix.Parse("10.0.0.3/32"), OutputLink = "veth0", Priority = 1003, Action = RuleAction.Unreachable },
            new() { FirewallMark = 0, FirewallMask = 0xf0, Priority = 1004, Table = 4_000_000_000 },
        ];

        Route.Execute([.. specs.Select(spec => new AddRule(spec))]);

        Assert.Equal(specs, Route.Rules(RouteProtocol.Vprox).Select(rule => rule.ToSpec()));
        Assert.Equal(
            [
                "0: from all lookup local proto kernel",
                "1000: from 10.0.0.2 lookup 1000 proto 86",
                "1001: from 10.0.0.0/24 to 192.0.2.0/24 fwmark 0x1/0xff iif veth0 [detached] lookup 100 proto 86",
                "1002: from all lookup main suppress_prefixlength 0 proto 86",
                "1003: not from 10.0.0.3 oif veth0 [detached] unreachable proto 86",
                "1004: from all fwmark 0/0xf0 lookup 4000000000 proto 86",
                "32766: from all lookup main proto kernel",
                "32767: from all lookup default proto kernel",
            ],
            Inside.Execute("ip", "-details", "rule", "show").Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => string.Join(' ', line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))));

        Route.Execute([.. specs.Select(spec => new DeleteRule(spec))]);
        Assert.Equal([0u, 32766u, 32767u], Route.Rules().Select(rule => rule.Priority));
    }

    [Fact]
    public void A_thousand_rules_go_in_one_call_and_one_that_fails_in_the_middle_stops_none()
    {
        var requests = Enumerable.Range(0, 1000).Select(number => (RouteRequest)new AddRule(Rule(number == 500 ? 499 : number))).ToList();
        var started = Stopwatch.GetTimestamp();

        var outcomes = Route.TryExecute(requests);

        TestContext.Current.SendDiagnosticMessage($"1,000 rules in {Stopwatch.GetElapsedTime(started).TotalMilliseconds:F0} ms");
        Assert.Equal(1000, outcomes.Count);
        Assert.Equal(500, Assert.Single(Enumerable.Range(0, 1000), index => outcomes[index] is not null));
        Assert.Equal(Errno.EEXIST, outcomes[500]!.Errno);
        Assert.Equal($"ip rule add {Rule(499)}", outcomes[500]!.Operation);
        Assert.Equal(999, Ip("rule", "show").Count(node => (string?)node["protocol"] == "86"));
    }

    [Fact]
    public void An_exception_tells_the_first_failure_and_how_many_more()
    {
        Route.Execute(new AddRule(Rule(1)), new AddRule(Rule(2)));

        var thrown = Assert.Throws<NetlinkException>(() => Route.Execute(new AddRule(Rule(1)), new AddRule(Rule(2)), new AddRule(Rule(3))));

        Assert.Equal($"ip rule add {Rule(1)}: File exists (EEXIST, errno 17); 1 more of the same batch failed", thrown.Message);
        Assert.Equal(3, Route.Rules(RouteProtocol.Vprox).Count);
    }

    [Fact]
    public void Deleting_a_rule_never_touches_one_of_another_owner()
    {
        Inside.Execute("ip", "rule", "add", "from", "10.64.0.1", "priority", "1001", "lookup", "1000", "protocol", "static");

        var outcome = Assert.Single(Route.TryExecute(new DeleteRule(Rule(1) with { Priority = 1001 })));

        Assert.Equal(Errno.ENOENT, outcome!.Errno);
        Assert.Single(Route.Rules(RouteProtocol.Static));
    }

    [Fact]
    public async Task One_socket_serves_several_threads()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(worker => Task.Run(() =>
        {
            for (var number = 0; number < 25; number++)
            {
                Route.Execute(new AddRule(Rule((worker * 25) + number)));
                Assert.NotEmpty(Route.Rules(RouteProtocol.Vprox));
            }
        })));

        Assert.Equal(200, Route.Rules(RouteProtocol.Vprox).Count);
    }

    [Fact]
    public void A_closed_socket_says_so()
    {
        Route.Dispose();

        Assert.Throws<ObjectDisposedException>(() => Route.Rules());
    }

    private static RuleSpec Rule(int number) => new() { From = Ipv4Prefix.Host(Containers.AddressAt(number)), Priority = 1000, Table = 1000 };
}
