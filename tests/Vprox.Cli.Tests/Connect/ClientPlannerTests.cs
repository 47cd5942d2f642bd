using System.Net;
using CsCheck;
using Vprox.Addressing;
using Vprox.Cli.Connect;
using Vprox.Nftables;
using Vprox.WireGuard;
using Vprox.WorkerAgent.Core;

namespace Vprox.Cli.Tests.Connect;

public sealed class ClientPlannerTests
{
    private static readonly DesiredTunnel Tunnel = new()
    {
        Slot = 0,
        PrivateKey = WireGuardPrivateKey.Generate(),
        ServerPublicKey = WireGuardPrivateKey.Generate().PublicKey(),
        Endpoint = IPEndPoint.Parse("192.0.2.10:50227"),
        InnerAddresses = [Ipv4.Parse("240.1.0.2"), Ipv4.Parse("240.1.0.3")],
        Blocks = [new(Ipv4.Parse("240.1.0.2"), new PortRange(1024, 1279)), new(Ipv4.Parse("240.1.0.3"), new PortRange(1280, 1535))],
        Gateway = Ipv4.Parse("240.1.0.1"),
        Mtu = 1420,
    };

    private static readonly Device Device = new()
    {
        Name = "vprox0",
        PrivateKey = Tunnel.PrivateKey,
        ListenPort = 40000,
        FirewallMark = 0,
        Peers = [new Peer { PublicKey = Tunnel.ServerPublicKey, Endpoint = Tunnel.Endpoint, AllowedIps = [Ipv4Prefix.Parse("0.0.0.0/0")] }],
    };

    private static readonly ObservedClient Done = new(true, true, 1420, true, [Ipv4.Parse("240.1.0.2")], Device, "rules");
    private static readonly ObservedClient Nothing = new(false, false, 0, false, [], null, null);

    [Fact]
    public void What_is_as_it_shall_be_needs_nothing() => Assert.Empty(ClientPlanner.Plan(Tunnel, "rules", Done));

    [Fact]
    public void The_rules_come_before_the_interface_they_are_for() => Assert.Equal(
        [typeof(ClientStep.ReplaceRuleset), typeof(ClientStep.Create), typeof(ClientStep.Configure), typeof(ClientStep.AddAddress), typeof(ClientStep.Raise)],
        ClientPlanner.Plan(Tunnel, "rules", Nothing).Select(step => step.GetType()));

    [Fact]
    public void Another_address_comes_before_the_old_one_goes() => Assert.Equal(
        [new ClientStep.AddAddress(Ipv4.Parse("240.1.0.2")), new ClientStep.DeleteAddress(Ipv4.Parse("240.1.0.9"))],
        ClientPlanner.Plan(Tunnel, "rules", Done with { Addresses = [Ipv4.Parse("240.1.0.9")] }));

    [Fact]
    public void A_running_session_is_not_touched_for_anything_else() => Gen.Select(Gen.Bool, Gen.Int[1300, 1500], Gen.Bool, Gen.Bool).Sample((up, mtu, loose, rules) =>
        Assert.DoesNotContain(ClientPlanner.Plan(Tunnel, "rules", Done with { IsUp = up, Mtu = mtu, LooseReversePath = loose, Ruleset = rules ? "rules" : null }), step => step is ClientStep.Configure or ClientStep.Create));

    [Theory]
    [InlineData("vprox0", "vprox_on_vprox0")]
    [InlineData("wg-a", "vprox_on_wg_2da")]
    [InlineData("wg_a", "vprox_on_wg_5fa")]
    public void Every_interface_has_a_table_of_its_own(string link, string table) => Assert.Equal(table, ClientRuleset.Table(link));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Nft_takes_the_ruleset(bool shortTimeWait)
    {
        using var nft = new Nft();
        foreach (var tunnel in (DesiredTunnel[])[Tunnel, Tunnel with { Blocks = [], InnerAddresses = [Ipv4.Parse("240.1.0.200")] }])
            nft.Check(ClientRuleset.Render("wg-a.b=1", tunnel, shortTimeWait));
    }

    [Fact]
    public void Ports_come_from_the_blocks_each_with_its_inner_address() => Assert.Contains(
        "snat ip to numgen inc mod 2 map { 0 : 240.1.0.2 . 1024-1279, 1 : 240.1.0.3 . 1280-1535 }", ClientRuleset.Render("vprox0", Tunnel, false), StringComparison.Ordinal);
}
