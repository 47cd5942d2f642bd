using Vprox.NodeAgent.Core;

namespace Vprox.NodeAgent.Tests.DataPlane.Live;

/// <summary>What somebody changed by hand, or half of us before it died, is as it shall be after the next round.</summary>
public sealed class RepairTests(NodeLab lab) : IClassFixture<NodeLab>
{
    [Theory]
    [InlineData("ip rule delete priority 8603 from 10.0.1.64")]
    [InlineData("ip rule add priority 8601 iif ens5 lookup PORT protocol 86")]
    [InlineData("ip route delete default dev ens5 table PORT")]
    [InlineData("ip route replace default dev ens6 table PORT protocol 86")]
    [InlineData("ip route replace default via 10.0.2.1 dev ens6 table PORT")]
    [InlineData("ip route replace blackhole default table PORT metric 4294967295")]
    [InlineData("ip route delete unreachable default table PORT")]
    [InlineData("ip route add 1.2.3.0/24 dev ens5 table PORT protocol 86")]
    [InlineData("ip route add blackhole 1.2.3.0/24 table 49152 protocol 86")]
    [InlineData("ip rule add priority 8600 to 239.0.0.0/8 lookup main protocol 86")]
    [InlineData("ip address delete 10.0.1.64/32 dev ens5")]
    [InlineData("ip address delete 240.0.0.1/22 dev vpPORT")]
    [InlineData("ip address add 240.0.0.9/32 dev vpPORT")]
    [InlineData("ip link set vpPORT down")]
    [InlineData("ip link set vpPORT mtu 1280")]
    [InlineData("ip link delete vpPORT")]
    [InlineData("sysctl -q net.ipv4.ip_forward=0")]
    [InlineData("sysctl -q net.ipv4.conf.vpPORT.rp_filter=1")]
    [InlineData("nft delete table inet vprox")]
    [InlineData("tc qdisc delete dev ens5 root")]
    [InlineData("tc qdisc delete dev ens5 ingress")]
    [InlineData("tc qdisc delete dev vpi-ens5 root")]
    [InlineData("tc class change dev ens5 parent 56:1 classid 56:2 htb rate 1mbit")]
    [InlineData("tc class add dev ens5 parent 56:1 classid 56:1000 htb rate 1mbit")]
    [InlineData("tc filter delete dev vpi-ens5 parent 56: pref 22016")]
    [InlineData("ip link set vpi-ens5 down")]
    [InlineData("ip link delete vpi-ens5")]
    public async Task A_change_by_hand_is_repaired(string vandalism)
    {
        DesiredAddress[] addresses = [lab.Address(0, lab.WorkerPeer("240.0.0.2")) with { Bandwidth = new Bandwidth(5, 50) }, lab.Address(1)];
        await lab.ApplyAsync(addresses);
        var before = KernelSnapshot.Of(lab.Node);
        var words = vandalism.Replace("PORT", $"{addresses[0].ListenPort}", StringComparison.Ordinal).Split(' ');
        lab.Node.Execute(words[0], words[1..]);
        Assert.NotEqual(before, KernelSnapshot.Of(lab.Node));

        var done = await lab.RoundAsync(addresses);

        Assert.NotEmpty(done.Steps);
        Assert.Equal(done.Steps, done.Repairs);
        Assert.Equal(before, KernelSnapshot.Of(lab.Node));
        Assert.Empty(await lab.ApplyAsync(addresses));
    }
}
