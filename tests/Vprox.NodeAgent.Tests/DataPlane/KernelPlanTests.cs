using CsCheck;
using Vprox.Addressing;
using Vprox.NodeAgent.Core;
using Vprox.NodeAgent.Core.DataPlane;
using Vprox.NodeAgent.Core.DataPlane.Changes;
using Vprox.NodeAgent.Core.DataPlane.Ruleset;

namespace Vprox.NodeAgent.Tests.DataPlane;

/// <summary>Laws of the plan, on a kernel on paper.</summary>
public sealed class KernelPlanTests
{
    private const int Iterations = 100;

    [Fact]
    public void Nothing_is_to_do_where_all_is_as_it_shall_be() =>
        DesiredNodes.Any.Sample(node => KernelPlan.Between(State(node), State(node)).Count == 0, iter: Iterations);

    [Fact]
    public void Carrying_out_the_plan_reaches_what_is_desired() =>
        Gen.Select(DesiredNodes.Any, DesiredNodes.Any).Sample((before, after) => Carried(State(after), State(before)), iter: Iterations);

    [Fact]
    public void A_plan_that_is_cut_off_anywhere_is_healed_by_the_next() =>
        Gen.Select(DesiredNodes.Any, DesiredNodes.Any, Gen.Int[0, 60]).Sample((before, after, steps) =>
        {
            var state = State(before);
            foreach (var change in KernelPlan.Between(State(after), state).Take(steps))
                state = ModelKernel.Apply(state, change);
            Carried(State(after), state);
        }, iter: Iterations);

    [Fact]
    public void A_plan_that_is_cut_off_and_overtaken_by_another_wish_is_healed_too() =>
        Gen.Select(DesiredNodes.Any, DesiredNodes.Any, DesiredNodes.Any, Gen.Int[0, 60]).Sample((before, between, after, steps) =>
        {
            var state = State(before);
            foreach (var change in KernelPlan.Between(State(between), state).Take(steps))
                state = ModelKernel.Apply(state, change);
            Carried(State(after), state);
        }, iter: Iterations);

    [Fact]
    public void What_comes_comes_before_what_goes() =>
        Gen.Select(DesiredNodes.Any, DesiredNodes.Any).Sample((before, after) =>
        {
            var plan = KernelPlan.Between(State(after), State(before)).Where(change => !IsOfLost(change, after)).ToList();
            var firstRemoval = plan.TakeWhile(change => !IsRemoval(change)).Count();
            Assert.All(plan.Skip(firstRemoval), change => Assert.True(IsRemoval(change) || change is ChangeRuleset, $"{change}"));
        }, iter: Iterations);

    [Fact]
    public void An_address_that_the_node_has_lost_goes_before_anything_but_the_firewall_is_touched() =>
        Gen.Select(DesiredNodes.Any, DesiredNodes.Any).Sample((before, after) =>
        {
            var (there, plan) = (State(before), KernelPlan.Between(State(after), State(before)));
            var lost = there.Addresses.Where(address => address.Link.StartsWith("ens", StringComparison.Ordinal) && !Here(after).Contains(address.Address)).ToHashSet();
            var first = plan.SkipWhile(change => change is ChangeRuleset).TakeWhile(change => IsOfLost(change, after)).ToList();
            Assert.Equal(lost, first.OfType<RemoveAddress>().Select(change => change.Address).ToHashSet());
            Assert.Equal(lost.Count, plan.OfType<RemoveAddress>().Count(change => lost.Contains(change.Address)));
        }, iter: Iterations);

    [Fact]
    public void At_no_moment_is_a_tunnel_up_or_an_address_here_without_its_firewall() =>
        Gen.Select(DesiredNodes.Any, DesiredNodes.Any).Sample((before, after) =>
        {
            var state = State(before);
            foreach (var change in KernelPlan.Between(State(after), state))
            {
                state = ModelKernel.Apply(state, change);
                var sets = state.Ruleset!.Objects;
                foreach (var tunnel in state.Tunnels.Values.Where(tunnel => tunnel.IsUp))
                {
                    Assert.Contains($"\"{tunnel.Name}\"", sets["set tunnels"].Elements);
                    Assert.Contains(state.Routes, route => route.Table == tunnel.ListenPort && route.Type == Netlink.RouteType.Unreachable);
                }
                foreach (var address in state.Addresses.Where(address => address.PrefixLength == 32))
                    Assert.Contains($"{address.Address}", sets["set addresses"].Elements);
            }
        }, iter: Iterations);

    [Fact]
    public void A_network_interface_that_is_down_is_set_up_before_anything_needs_it() =>
        DesiredNodes.Any.Sample(node =>
        {
            var plan = KernelPlan.Between(State(node), State(node) with { LinksUp = new HashSet<string>(["ens5"]), Routes = new HashSet<KernelRoute>() });
            var raised = plan.OfType<SetLinkUp>().Single();
            Assert.Equal("ens6", raised.Name);
            Assert.DoesNotContain(plan.TakeWhile(change => change != raised), change => change is PutRoute { Route.Link: "ens6" });
        }, iter: Iterations);

    [Fact]
    public void What_was_asked_for_is_no_repair() =>
        Gen.Select(DesiredNodes.Any, DesiredNodes.Any).Sample((before, after) =>
            KernelRepairs.In(KernelPlan.Between(State(after), State(before)), State(after), State(before)).Count == 0, iter: Iterations);

    [Fact]
    public void What_nobody_asked_for_is_repaired_and_told_unless_the_last_round_is_unknown() =>
        Gen.Select(DesiredNodes.Any, DesiredNodes.Any).Sample((node, found) =>
        {
            var plan = KernelPlan.Between(State(node), State(found));
            Assert.Equal(plan, KernelRepairs.In(plan, State(node), State(node)));
            Assert.Empty(KernelRepairs.In(plan, State(node), last: null));
        }, iter: Iterations);

    [Fact]
    public void Teardown_leaves_nothing_but_settings() =>
        DesiredNodes.Any.Sample(node =>
        {
            var state = State(node);
            foreach (var change in KernelPlan.Between(KernelState.Empty, state))
                state = ModelKernel.Apply(state, change);
            return state.Tunnels.Count + state.Addresses.Count + state.Routes.Count + state.Rules.Count + state.Shaping.Blocks.Count + state.Shaping.Objects.Count == 0 && state.Ruleset is null;
        }, iter: Iterations);

    [Fact]
    public void An_ENI_of_which_nobody_asks_a_rate_is_not_shaped() =>
        DesiredNodes.Any.Sample(node =>
        {
            var nobody = node with { Addresses = [.. node.Addresses.Select(address => address with { Bandwidth = Bandwidth.Any })] };
            Assert.Empty(State(nobody).Shaping.Objects);
            Assert.Empty(State(nobody).Shaping.Blocks);
            Assert.Empty(State(nobody).Ruleset!.Objects["map classes"].Elements);
            var asked = node.Addresses.Where(address => address.Bandwidth != Bandwidth.Any).Select(address => address.LinkName ?? address.AwaitedLinkName);
            Assert.True(State(node).Shaping.Objects.Values.Select(item => item.Link).Where(link => link.StartsWith("ens", StringComparison.Ordinal)).ToHashSet().SetEquals(asked!));
            Assert.Equal(2, DesiredKernel.For(nobody, DesiredNodes.OfKnownLink).Shaping.Blocks.Count);
        }, iter: Iterations);

    [Fact]
    public void An_endpoint_is_only_set_on_a_peer_that_is_new() =>
        Gen.Select(DesiredNodes.Any, DesiredNodes.Any).Sample((before, after) =>
        {
            var actual = State(before);
            foreach (var set in KernelPlan.Between(State(after), actual).OfType<SetPeers>())
            {
                var there = actual.Tunnels.GetValueOrDefault(set.Name)?.Peers;
                Assert.All(set.Peers.Where(peer => there?.ContainsKey(peer.PublicKey) == true), peer => Assert.Null(peer.Endpoint));
            }
        }, iter: Iterations);

    [Fact]
    public void An_address_that_stays_is_counted_on_and_one_that_leaves_takes_its_counters_along() =>
        Gen.Select(DesiredNodes.Any, DesiredNodes.Any).Sample((before, after) =>
        {
            var changes = KernelPlan.Between(State(after), State(before)).OfType<ChangeRuleset>().Select(change => change.Transaction).ToList();
            var gone = Ports(before).Except(Ports(after)).ToHashSet();
            Assert.DoesNotContain(changes, change => change.Rebuild);
            Assert.Equal(
                gone.SelectMany(port => (string[])[AddressCounters.Sent(port), AddressCounters.Received(port)]).Order(),
                changes.SelectMany(change => change.Removed).Where(item => item.Kind == NftObject.Counter).Select(item => item.Name).Order());
            var unmapped = changes.SelectMany(change => change.RemovedElements).Where(elements => elements.Name is "sent" or "received").SelectMany(elements => elements.Elements);
            Assert.Equal(2 * gone.Count, unmapped.Count());
        }, iter: Iterations);

    [Fact]
    public void A_plan_reads_as_sentences()
    {
        var address = new DesiredAddress
        {
            Address = Ipv4.Parse("192.0.2.1"),
            PrivateAddress = Ipv4.Parse("10.0.1.64"),
            LinkName = "ens5",
            ListenPort = 50_000,
            Zone = 1,
            Inner = Ipv4Prefix.Parse("240.0.0.0/22"),
            PrivateKey = WireGuard.WireGuardPrivateKey.Generate(),
            Peers = [],
        };
        var node = new DesiredNode
        {
            NetworkInterfaces = [new() { LinkName = "ens5", DeviceNumber = 0, Subnet = Ipv4Prefix.Parse("10.0.1.0/24"), PrimaryAddress = Ipv4.Parse("10.0.1.10") }],
            Addresses = [address],
        };

        Assert.Equal(
            """
            nft table inet vprox: objects added: 216
            interface vp50000 created
            interface vp50000 given its key, port 50000 and mark
            route set: unreachable default table 50000 metric 4294967295
            interface vp50000 set up, mtu 1420
            sysctl net.ipv4.ip_forward set to 1, was not there
            sysctl net.netfilter.nf_conntrack_tcp_loose set to 1, was not there
            sysctl net.ipv4.conf.ens5.rp_filter set to 2, was not there
            sysctl net.ipv4.conf.vp50000.rp_filter set to 2, was not there
            sysctl net.ipv4.conf.ens5.arp_ignore set to 1, was not there
            ifb vpi-ens5 created
            ifb vpi-ens5 set up
            qdisc 56: dev ens5 root htb default 2, added
            class 56:1 dev ens5 parent root htb rate 1000000000bit ceil 1000000000bit burst 1250000b cburst 1250000b quantum 65536 prio 0, added
            class 56:2 dev ens5 parent 56:1 htb rate 1000000000bit ceil 1000000000bit burst 1250000b cburst 1250000b quantum 65536 prio 0, added
            class 56:c350 dev ens5 parent 56:1 htb rate 8000bit ceil 1000000000bit burst 10b cburst 1250000b quantum 65536 prio 1, added
            qdisc 4350: dev ens5 parent 56:c350 fq_codel flows 1024 quantum 1434, added
            filter dev ens5 parent 4350: bpf of 13 instructions, added
            qdisc 56: dev vpi-ens5 root htb default 2, added
            class 56:1 dev vpi-ens5 parent root htb rate 1000000000bit ceil 1000000000bit burst 1250000b cburst 1250000b quantum 65536 prio 0, added
            class 56:2 dev vpi-ens5 parent 56:1 htb rate 1000000000bit ceil 1000000000bit burst 1250000b cburst 1250000b quantum 65536 prio 0, added
            class 56:c350 dev vpi-ens5 parent 56:1 htb rate 8000bit ceil 1000000000bit burst 10b cburst 1250000b quantum 65536 prio 1, added
            qdisc 4350: dev vpi-ens5 parent 56:c350 fq_codel flows 1024 quantum 1434, added
            filter dev vpi-ens5 parent 4350: bpf of 13 instructions, added
            filter 100000 dev vpi-ens5 parent 56: u32 divisor 256, added
            filter 80000001 dev vpi-ens5 parent 56: u32 link 1: hashkey mask 0x000000ff at 16 match u32 0x00000000 0x00000000 at 0, added
            filter 140002 dev vpi-ens5 parent 56: u32 match u32 0x0a000140 0xffffffff at 16 flowid 56:c350, added
            qdisc ffff: dev ens5 ingress, added
            filter 1 dev ens5 parent ffff:fff2 u32 match u32 0x00110000 0x00ff0000 at 8 match u32 0x00000000 0x00001fff at 4 match u32 0x0000c000 0x0000c000 at 20 flowid 0:1, added
            filter 2 dev ens5 parent ffff:fff2 u32 match u32 0x00060000 0x00ff0000 at 8 match u32 0x00000000 0x00001fff at 4 match u32 0x000001bb 0x0000ffff at 20 flowid 0:1, added
            filter 3 dev ens5 parent ffff:fff2 u32 match u32 0x0a00010a 0xffffffff at 16 flowid 0:1, added
            filter 4 dev ens5 parent ffff:fff2 u32 match u32 0x00000000 0x00000000 at 0 redirect dev vpi-ens5, added
            network interface ens5 set up
            rule added: from all iif vp50000 priority 8601 protocol 86 lookup 50000
            rule added: from all fwmark 0xc350 priority 8602 protocol 86 lookup 50000
            rule added: from 10.0.1.64 priority 8603 protocol 86 lookup 50000
            rule added: from all to 240.0.0.0/8 priority 8600 protocol 86 lookup 254
            address added: 240.0.0.1/22 dev vp50000
            address added: 10.0.1.64/32 dev ens5
            route set: 10.0.1.0/24 dev ens5 table 50000 src 10.0.1.64
            route set: default via 10.0.1.1 onlink dev ens5 table 50000 src 10.0.1.64
            """,
            string.Join('\n', KernelPlan.Between(DesiredKernel.For(node, DesiredNodes.OfKnownLink), KernelState.Empty)));
    }

    [Fact]
    public void A_full_node_is_planned_in_a_moment()
    {
        var key = WireGuard.WireGuardPrivateKey.Generate();
        var node = new DesiredNode
        {
            NetworkInterfaces = [new() { LinkName = "ens5", DeviceNumber = 0, Subnet = Ipv4Prefix.Parse("10.0.0.0/16"), PrimaryAddress = Ipv4.Parse("10.0.0.10") }],
            Addresses = [.. Enumerable.Range(0, 240).Select(index => new DesiredAddress
            {
                Address = Ipv4.Parse($"192.0.2.{index}"),
                PrivateAddress = Ipv4.Parse($"10.0.1.{index}"),
                LinkName = "ens5",
                ListenPort = 50_000 + index,
                Zone = (ushort)(1 + index),
                Inner = Ipv4Prefix.Parse("240.0.0.0/8").Subnet(22, index),
                PrivateKey = key,
                Peers = [],
            })],
        };
        var actual = DesiredKernel.For(node, DesiredNodes.OfKnownLink);
        var watch = System.Diagnostics.Stopwatch.StartNew();

        Assert.Empty(KernelPlan.Between(DesiredKernel.For(node, DesiredNodes.OfKnownLink), actual));

        TestContext.Current.SendDiagnosticMessage("240 addresses planned in {0} ms", watch.ElapsedMilliseconds);
        Assert.InRange(watch.ElapsedMilliseconds, 0, 5_000);
    }

    [Fact]
    public void Two_addresses_that_contradict_each_other_are_refused() =>
        DesiredNodes.Any.Where(node => node.Addresses.Count > 0).Sample(node =>
        {
            Assert.Throws<ArgumentException>(() => State(node with { Addresses = [.. node.Addresses, node.Addresses[0]] }));
            Assert.Throws<ArgumentException>(() => State(node with { NetworkInterfaces = [], Addresses = [node.Addresses[0] with { LinkName = "ens5" }] }));
        }, iter: 20);

    [Theory]
    [InlineData("vp49152", true)]
    [InlineData("vp65535", true)]
    [InlineData("vp49151", false)]
    [InlineData("vp65536", false)]
    [InlineData("vp049152", false)]
    [InlineData("vp+49152", false)]
    [InlineData("vpn0", false)]
    [InlineData("vp", false)]
    [InlineData("xvp49152", false)]
    public void Only_vp_and_a_listen_port_is_ours(string name, bool ours) => Assert.Equal(ours, TunnelName.IsOurs(name));

    private static IEnumerable<int> Ports(DesiredNode node) => node.Addresses.Select(address => address.ListenPort);

    private static KernelState State(DesiredNode node) => DesiredKernel.For(node, DesiredNodes.Options);

    private static void Carried(KernelState desired, KernelState actual)
    {
        foreach (var change in KernelPlan.Between(desired, actual))
            actual = ModelKernel.Apply(actual, change);
        Assert.Empty(KernelPlan.Between(desired, actual));
    }

    private static HashSet<System.Net.IPAddress> Here(DesiredNode node) =>
        [.. node.Addresses.Where(address => address.LinkName is not null).Select(address => address.PrivateAddress)];

    private static bool IsOfLost(KernelChange change, DesiredNode after) =>
        (change is RemoveAddress removed && removed.Address.Link.StartsWith("ens", StringComparison.Ordinal) && !Here(after).Contains(removed.Address.Address))
        || (change is RemoveRoute { Route.Source: { } source } && !Here(after).Contains(source));

    private static bool IsRemoval(KernelChange change) => change is RemovePeers or DeleteInterface or RemoveRoute or RemoveAddress or RemoveRule or RemoveTraffic or DeleteBlock;
}
