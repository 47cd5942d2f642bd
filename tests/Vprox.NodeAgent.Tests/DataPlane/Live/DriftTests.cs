using Vprox.NodeAgent.Adapters.Kernel;
using Vprox.NodeAgent.Core;
using Vprox.NodeAgent.Core.DataPlane;
using Vprox.WireGuard;

namespace Vprox.NodeAgent.Tests.DataPlane.Live;

/// <summary>What somebody else changes is found by rounds that read only what may have changed, and told apart from what was asked for.</summary>
public sealed class DriftTests(NodeLab lab) : IClassFixture<NodeLab>
{
    private const int ReadsPeersIn = 4;

    [Theory]
    [InlineData("ip rule delete priority 8603 from 10.0.1.64")]
    [InlineData("ip route delete unreachable default table PORT")]
    [InlineData("ip address delete 10.0.1.64/32 dev ens5")]
    [InlineData("ip link set vpPORT mtu 1280")]
    [InlineData("ip link delete vpPORT")]
    [InlineData("nft delete table inet vprox")]
    [InlineData("ip rule add priority 8604 from 10.0.1.99 lookup PORT protocol 86")]
    [InlineData("ip route add 203.0.113.99/32 dev ens5 table PORT protocol 86")]
    [InlineData("ip address add 10.0.1.99/32 dev vpPORT")]
    [InlineData("sysctl -q net.ipv4.conf.vpPORT.rp_filter=1")]
    public async Task What_the_kernel_tells_of_is_repaired_in_the_next_round_and_told(string vandalism)
    {
        using var dataPlane = Open();
        var desired = lab.Desired(lab.Address(0, lab.WorkerPeer("240.0.0.2")), lab.Address(1));
        Assert.False((await RoundsAsync(dataPlane, desired, 2)).Exists(round => round.Repairs.Count > 0));
        var words = vandalism.Replace("PORT", $"{desired.Addresses[0].ListenPort}", StringComparison.Ordinal).Split(' ');
        lab.Node.Execute(words[0], words[1..]);

        var round = Assert.Single(await RoundsAsync(dataPlane, desired, 1));

        Assert.NotEmpty(round.Repairs);
        Assert.NotEmpty(round.Steps);
        Assert.Empty((await RoundsAsync(dataPlane, desired, ReadsPeersIn)).SelectMany(later => later.Steps));
    }

    [Fact]
    public async Task What_it_does_not_tell_of_is_repaired_within_a_turn()
    {
        using var dataPlane = Open();
        var desired = lab.Desired(lab.Address(0, lab.WorkerPeer("240.0.0.2")), lab.Address(1));
        await RoundsAsync(dataPlane, desired, 2);
        var name = TunnelName.Of(desired.Addresses[0].ListenPort);
        using var wireGuard = lab.Node.Run(() => WireGuardClient.Open(WireGuardBackend.Auto));
        await wireGuard.ConfigureAsync(name, new DeviceConfig { ReplacePeers = true }, CancellationToken.None);
        lab.Node.Run(() => File.WriteAllText("/proc/sys/net/ipv4/conf/ens5/arp_ignore", "0"));

        var rounds = await RoundsAsync(dataPlane, desired, ReadsPeersIn);

        Assert.Contains(rounds, round => round.Repairs.Count > 0);
        Assert.Equal(lab.WorkerKey, Assert.Single((await wireGuard.GetAsync(name, CancellationToken.None))!.Peers).PublicKey);
        Assert.Equal("1", lab.Node.Run(() => File.ReadAllText("/proc/sys/net/ipv4/conf/ens5/arp_ignore")).Trim());
    }

    [Fact]
    public async Task A_round_that_fails_in_the_middle_loses_nothing_of_what_it_was_told()
    {
        using var wireGuard = new FailingWireGuard(lab.Node.Run(() => WireGuardClient.Open(WireGuardBackend.Auto)));
        using var dataPlane = lab.Node.Run(() => NodeDataPlane.Open(NodeLab.Options, wireGuard));
        var desired = lab.Desired(lab.Address(0, lab.WorkerPeer("240.0.0.2")), lab.Address(1));
        await RoundsAsync(dataPlane, desired, 3);
        lab.Node.Execute("ip", "rule", "delete", "priority", "8603", "from", "10.0.1.64");
        wireGuard.Fails = true;
        await Assert.ThrowsAsync<WireGuardException>(() => RoundsAsync(dataPlane, desired, 1));
        wireGuard.Fails = false;

        Assert.NotEmpty(Assert.Single(await RoundsAsync(dataPlane, desired, 1)).Repairs);

        Assert.Empty(Assert.Single(await RoundsAsync(dataPlane, desired, 1)).Steps);
    }

    [Fact]
    public async Task A_round_with_nothing_to_do_reads_a_share_of_the_interfaces()
    {
        using var dataPlane = Open();
        var desired = lab.Desired(lab.Address(0), lab.Address(1), lab.Address(2), lab.Address(3));
        await RoundsAsync(dataPlane, desired, 2);

        var rounds = await RoundsAsync(dataPlane, desired, ReadsPeersIn);

        Assert.All(rounds, round => Assert.Single(round.Seen));
        Assert.Equal(4, rounds.SelectMany(round => round.Seen).Select(device => device.Name).Distinct().Count());
    }

    private NodeDataPlane Open() => lab.Node.Run(() => NodeDataPlane.Open(NodeLab.Options with { ReadsPeersIn = ReadsPeersIn }, WireGuardBackend.Auto));

    private Task<List<KernelRound>> RoundsAsync(NodeDataPlane dataPlane, DesiredNode desired, int count) => lab.Node.RunAsync(async () =>
    {
        var rounds = new List<KernelRound>();
        while (rounds.Count < count)
            rounds.Add(await dataPlane.ApplyAsync(desired, NodeLab.AtOnce, CancellationToken.None));
        return rounds;
    });
}
