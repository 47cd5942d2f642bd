using System.Net.NetworkInformation;
using Vprox.Lab.Namespaces;

namespace Vprox.Netlink.Tests.Live;

public sealed class LinkTests : LiveTest
{
    [Fact]
    public void Links_are_what_ip_prints()
    {
        Route.Execute(
            new AddVeth("veth0", "veth1") { Mtu = 1400, HardwareAddress = PhysicalAddress.Parse("020000000001") },
            new AddLink("br0", LinkKind.Bridge) { Index = 77 },
            new AddLink("ifb9", LinkKind.Ifb),
            new SetLink("veth0") { Up = true, MasterIndex = 77 },
            new SetLink("veth1") { Up = true });

        var printed = Ip("link", "show").Select(node => (
            (int)node["ifindex"]!, (string)node["ifname"]!, (string?)node["linkinfo"]?["info_kind"], (int)node["mtu"]!, (string?)node["master"],
            node["flags"]!.AsArray().Any(flag => (string)flag! == "UP"), (string?)node["address"], (string?)node["link"]));
        var links = Route.Links();
        string? NameOf(int? index) => links.FirstOrDefault(link => link.Index == index)?.Name;
        var observed = links.Select(link => (
            link.Index, link.Name, link.Kind, link.Mtu, NameOf(link.MasterIndex), link.IsUp, LinkSettings.Text(link.HardwareAddress), NameOf(link.PeerIndex)));

        Assert.Equal(printed, observed);
        Assert.Equal(["br0", "ifb9", "lo", "veth0", "veth1"], links.Select(link => link.Name).Order(StringComparer.Ordinal));
        Assert.True(Route.Link("lo")!.IsLoopback);
        Assert.Equal(77, Route.Link("br0")!.Index);
        Assert.True(Route.Link("veth0")!.HasCarrier);
    }

    [Fact]
    public void A_link_is_renamed_moved_into_a_bridge_and_out_and_deleted()
    {
        Route.Execute(new AddLink("ifb1", LinkKind.Ifb), new AddLink("br0", LinkKind.Bridge), new AddVeth("veth0", "veth1"));
        var (link, bridge, veth) = (Route.Link("ifb1")!, Route.Link("br0")!, Route.Link("veth0")!);

        Route.Execute(new SetLink(link.Index) { NewName = "ifb2", Mtu = 1300 }, new SetLink(veth.Index) { MasterIndex = bridge.Index });
        Assert.Equal(1300, Route.Link("ifb2")!.Mtu);
        Assert.Equal(bridge.Index, Route.Link("veth0")!.MasterIndex);

        Route.Execute(new SetLink("veth0") { MasterIndex = 0 }, new DeleteLink("ifb2"));
        Assert.Null(Route.Link("veth0")!.MasterIndex);
        Assert.Null(Route.Link("ifb2"));
    }

    [Fact]
    public void A_veth_reaches_into_another_namespace_made_there_or_moved()
    {
        using var other = NetworkNamespace.CreateRandom("other");

        Route.Execute(
            new AddVeth("made0", "made1") { PeerNamespace = other.Reference },
            new AddVeth("moved0", "moved1"),
            new SetLink("moved1") { Namespace = other.Reference });

        using var there = other.Run(RouteNetlink.Open);
        Assert.Equal(["lo", "made1", "moved1"], there.Links().Select(link => link.Name).Order(StringComparer.Ordinal));
        Assert.NotNull(Route.Link("made0")!.PeerNamespaceId);
        Assert.Null(Route.Link("moved1"));
    }

    [Fact]
    public void A_kind_that_the_kernel_lacks_and_a_name_that_is_taken_are_told_apart()
    {
        var outcomes = Route.TryExecute(
            new AddLink("x0", "nosuchkind"), new AddLink("lo", LinkKind.Bridge), new DeleteLink("nosuch0"), new SetLink("nosuch0") { Up = true });

        Assert.Equal([Errno.EOPNOTSUPP, Errno.EEXIST, Errno.ENODEV, Errno.ENODEV], outcomes.Select(outcome => outcome!.Errno));
        Assert.Equal("Unknown device type", outcomes[0]!.KernelMessage);
    }

    [Fact]
    public void Every_link_of_a_thousand_is_listed_once()
    {
        Route.Execute([.. Enumerable.Range(0, 500).Select(number => new AddVeth($"a{number}", $"b{number}"))]);

        var names = Route.Links().Select(link => link.Name).ToList();

        Assert.Equal(1001, names.Count);
        Assert.Equal(1001, names.Distinct().Count());
    }
}
