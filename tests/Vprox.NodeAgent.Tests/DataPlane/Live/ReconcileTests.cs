using System.Net.Sockets;
using Vprox.Addressing;
using Vprox.Netlink;
using Vprox.NodeAgent.Adapters.Kernel;
using Vprox.NodeAgent.Core;
using Vprox.NodeAgent.Core.DataPlane;
using Vprox.NodeAgent.Core.DataPlane.Changes;
using Vprox.WireGuard;

namespace Vprox.NodeAgent.Tests.DataPlane.Live;

/// <summary>Rounds against a real kernel: what is right stays untouched, what is wrong is put right, what is foreign is not seen.</summary>
public sealed class ReconcileTests : IDisposable
{
    private readonly NodeLab _lab = new();

    public void Dispose() => _lab.Dispose();

    [Fact]
    public async Task A_second_round_and_a_restarted_agent_write_nothing()
    {
        var addresses = Two();
        Assert.NotEmpty(await _lab.ApplyAsync(addresses));
        var before = Snapshot();
        using var generation = _lab.Node.Run(RulesetGeneration.Open);
        var number = generation.Read();

        Assert.Empty(await _lab.ApplyAsync(addresses));
        using (var restarted = _lab.Node.Run(() => NodeDataPlane.Open(NodeLab.Options, WireGuardBackend.Auto)))
            Assert.Empty((await _lab.Node.RunAsync(() => restarted.ApplyAsync(_lab.Desired(addresses), NodeLab.AtOnce, CancellationToken.None))).Steps);

        Assert.Equal(number, generation.Read());
        Assert.Equal(before, Snapshot());
    }

    [Fact]
    public async Task Peers_and_keys_changed_by_hand_are_put_right()
    {
        var address = _lab.Address(0, _lab.WorkerPeer("240.0.0.2", "240.0.0.3"));
        await _lab.ApplyAsync(address);
        using var wireGuard = _lab.Node.Run(() => WireGuardClient.Open(WireGuardBackend.Auto));
        await wireGuard.ConfigureAsync(TunnelName.Of(address.ListenPort), new DeviceConfig
        {
            PrivateKey = WireGuardPrivateKey.Generate(),
            FirewallMark = 0,
            Peers =
            [
                new PeerConfig { PublicKey = WireGuardPrivateKey.Generate().PublicKey(), AllowedIps = [Ipv4Prefix.Parse("240.0.0.3/32")] },
            ],
        }, CancellationToken.None);

        await _lab.ApplyAsync(address);

        var device = Assert.Single(await _lab.DataPlane.ReadDevicesAsync(CancellationToken.None));
        Assert.Equal(address.PrivateKey, device.PrivateKey);
        Assert.Equal((uint)address.ListenPort, device.FirewallMark);
        var peer = Assert.Single(device.Peers);
        Assert.Equal(["240.0.0.2/32", "240.0.0.3/32"], peer.AllowedIps.Select(prefix => prefix.ToString()).Order());
        Assert.Empty(await _lab.ApplyAsync(address));
    }

    [Fact]
    public async Task Whatever_is_foreign_stays_through_rounds_and_teardown()
    {
        // Settings below /proc/sys stay as they were set.
        await _lab.ApplyAsync(Two());
        await _lab.DataPlane.TeardownAsync(CancellationToken.None);
        NodeLab.Ip(_lab.Node, "link add vpn0 type bridge", "address add 10.8.0.1/24 dev vpn0", "address add 10.0.1.77/32 dev ens5",
            "route add 10.9.0.0/16 dev ens5 table 4711", "rule add from 10.9.0.1 lookup 4711 priority 8601");
        _lab.Node.Execute("nft", "table inet filter { chain input { type filter hook input priority 0; }; }");
        var before = Snapshot();

        await _lab.ApplyAsync(Two());
        await _lab.DataPlane.TeardownAsync(CancellationToken.None);

        Assert.Equal(before, Snapshot());
    }

    [Fact]
    public async Task What_a_worker_agent_or_a_client_on_the_same_host_made_stays_through_rounds_and_teardown()
    {
        await _lab.ApplyAsync(Two());
        await _lab.DataPlane.TeardownAsync(CancellationToken.None);
        NodeLab.Ip(_lab.Node, "link add vw0 type bridge", "link set vw0 up", "rule add from 10.88.0.2 lookup 22016 priority 5600 protocol 86",
            "route add default dev vw0 table 22016 protocol 86", "route add unreachable default table 22016 protocol 86 metric 4294967294", "route add 240.0.8.0/22 dev vw0 protocol 86",
            "rule add to 240.0.8.0/22 lookup main priority 8600 protocol 86");
        AddAsOurs("vw0", "240.0.8.2");
        var before = Snapshot();

        await _lab.ApplyAsync(Two());
        Assert.Empty(await _lab.ApplyAsync(Two()));
        await _lab.DataPlane.TeardownAsync(CancellationToken.None);

        Assert.Equal(before, Snapshot());
    }

    [Fact]
    public async Task An_address_of_ours_that_nobody_desires_is_taken_off_an_ENI()
    {
        var addresses = Two();
        await _lab.ApplyAsync(addresses);
        var before = Snapshot();
        AddAsOurs("ens6", "10.0.1.99");

        Assert.Equal(["address removed: 10.0.1.99/32 dev ens6"], await _lab.ApplyAsync(addresses));

        Assert.Equal(before, Snapshot());
    }

    [Fact]
    public async Task An_address_without_a_protocol_number_is_taken_off_when_its_placement_has_gone()
    {
        // As before kernel 5.18, which keeps none.
        var addresses = Two();
        NodeLab.Ip(_lab.Node, "address add 10.0.1.65/32 dev ens5", "address add 10.0.1.77/32 dev ens5");
        await _lab.ApplyAsync(addresses);

        await _lab.ApplyAsync(addresses[0], addresses[1] with { LinkName = null });

        var host = _lab.Node.Execute("ip", "address");
        Assert.DoesNotContain("10.0.1.65/32", host, StringComparison.Ordinal);
        Assert.Contains("10.0.1.77/32", host, StringComparison.Ordinal);
        // What somebody puts there later is somebody's.
        Assert.Empty(await _lab.ApplyAsync(addresses[0], addresses[1] with { LinkName = null }));
        NodeLab.Ip(_lab.Node, "address add 10.0.1.65/32 dev ens5");
        Assert.Empty(await _lab.ApplyAsync(addresses[0], addresses[1] with { LinkName = null }));
    }

    [Fact]
    public async Task A_round_that_dies_after_any_step_is_healed_by_the_next()
    {
        var addresses = Two();
        var desired = DesiredKernel.For(_lab.Desired(addresses), _lab.DataPlane.Options);
        using var route = _lab.Node.Run(RouteNetlink.Open);
        using var wireGuard = _lab.Node.Run(() => WireGuardClient.Open(WireGuardBackend.Auto));
        using var ruleset = _lab.Node.Run(() => new RulesetStore());
        using var monitor = _lab.Node.Run(RouteMonitor.Open);
        var reader = new KernelReader(route, wireGuard, ruleset, monitor, readsPeersIn: 1, TimeProvider.System);
        var writer = new KernelWriter(route, wireGuard, ruleset);
        Task<int> RunAsync(KernelState wanted, int steps) => _lab.Node.RunAsync(async () =>
        {
            var plan = KernelPlan.Between(wanted, await reader.ReadAsync(wanted, CancellationToken.None));
            Assert.Empty(await writer.ApplyAsync([.. plan.Take(steps)], NodeLab.AtOnce, CancellationToken.None));
            return plan.Count;
        });
        await RunAsync(desired, int.MaxValue);
        var whole = Snapshot();
        await RunAsync(KernelState.Empty, int.MaxValue);

        var length = await RunAsync(desired, 0);
        for (var steps = 1; steps < length; steps += 3)
        {
            await RunAsync(desired, steps);
            await RunAsync(desired, int.MaxValue);
            Assert.Equal(whole, Snapshot());
            await RunAsync(KernelState.Empty, steps);
            await RunAsync(KernelState.Empty, int.MaxValue);
        }
    }

    [Fact]
    public async Task One_address_that_the_kernel_refuses_does_not_hold_up_the_others()
    {
        var addresses = Two();
        using var occupier = Occupy(addresses[0].ListenPort);

        var refused = Assert.Single((await _lab.RoundAsync(addresses)).Refusals.Addresses);
        Assert.Equal(addresses[0].Address, refused.Key);
        Assert.Contains("10.0.1.65/32", _lab.Node.Execute("ip", "address"), StringComparison.Ordinal);

        // Trying it again is no repair; what somebody undid meanwhile is.
        var again = await _lab.RoundAsync(addresses);
        Assert.Equal(addresses[0].Address, Assert.Single(again.Refusals.Addresses).Key);
        Assert.Empty(again.Repairs);
        _lab.Node.Execute("nft", "delete", "table", "inet", "vprox");
        var repaired = await _lab.RoundAsync(addresses);
        Assert.True(repaired.RulesetRepaired);
        Assert.Single(repaired.Refusals.Addresses);

        occupier.Dispose();
        await _lab.ApplyAsync(addresses);
        Assert.Empty(await _lab.ApplyAsync(addresses));
    }

    [Fact]
    public async Task A_refused_setting_of_a_link_keeps_nothing_from_being_served()
    {
        var addresses = Two();
        var desired = DesiredKernel.For(_lab.Desired(addresses), _lab.DataPlane.Options);
        using var route = _lab.Node.Run(RouteNetlink.Open);
        var writer = new KernelWriter(route, null!, null!);
        var name = TunnelName.Of(addresses[0].ListenPort);

        // There is no such link: the write is refused as it is where /proc/sys is read-only.
        var refused = await _lab.Node.RunAsync(() => writer.ApplyAsync(
            [.. desired.Sysctls.Where(setting => setting.Key.Contains(name, StringComparison.Ordinal)).Select(setting => new SetSysctl(setting.Key, setting.Value, null))],
            NodeLab.AtOnce, CancellationToken.None));

        var refusals = KernelRefusals.Of(refused, addresses);
        Assert.Empty(refusals.Addresses);
        Assert.Contains(addresses[0].Address.ToString(), Assert.Single(refusals.Sentences), StringComparison.Ordinal);
        Assert.DoesNotContain(refused, refusal => KernelRefusals.IsNodes(refusal.Step));
    }

    // Not every ip takes a protocol number for an address.
    private void AddAsOurs(string link, string address)
    {
        using var route = _lab.Node.Run(RouteNetlink.Open);
        route.Execute(new AddAddress(route.Link(link)!.Index, Ipv4.Parse(address), 32) { Protocol = RouteProtocol.Vprox });
    }

    private Socket Occupy(int port) => _lab.Node.Run(() =>
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ExclusiveAddressUse = true };
        socket.Bind(new System.Net.IPEndPoint(System.Net.IPAddress.Any, port));
        return socket;
    });

    private DesiredAddress[] Two() => [_lab.Address(0, _lab.WorkerPeer("240.0.0.2")) with { Bandwidth = new Bandwidth(5, 50) }, _lab.Address(1)];

    private string Snapshot() => KernelSnapshot.Of(_lab.Node);
}
