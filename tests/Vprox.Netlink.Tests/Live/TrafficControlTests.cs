using Vprox.Lab.Namespaces;

namespace Vprox.Netlink.Tests.Live;

/// <summary>Traffic control in a real kernel: what was asked for is what tc prints and what a dump says.</summary>
public sealed class TrafficControlTests : LiveTest
{
    private static readonly TrafficHandle Htb = TrafficHandle.Of(0x56);
    private static readonly TrafficHandle Top = TrafficHandle.Of(0x56, 1);
    private static readonly TrafficHandle Class = TrafficHandle.Of(0x56, 0xc350);

    [Fact]
    public void A_tree_is_what_was_asked_for()
    {
        var link = AddVethPair();
        var fast = Spec(5_000_000_000, 10_000_000_000);

        Route.Execute(
            new AddQdisc(link, TrafficHandle.Root, Htb, new HtbQdisc(2)),
            new ReplaceClass(link, Htb, Top, fast),
            new ReplaceClass(link, Top, Class, Spec(1_250_000, 2_500_000)),
            new AddQdisc(link, Class, TrafficHandle.Of(0x4350), new FifoQdisc(250_000)));

        Assert.Contains("qdisc htb 56: root refcnt", Tc("qdisc show dev veth0"), StringComparison.Ordinal);
        Assert.Contains("class htb 56:c350 parent 56:1 leaf 4350: prio 1 quantum 60000 rate 10Mbit ceil 20Mbit linklayer ethernet burst 12500b",
            Tc("-details class show dev veth0"), StringComparison.Ordinal);
        var qdiscs = Route.Qdiscs().Where(qdisc => qdisc.LinkIndex == link).ToDictionary(qdisc => qdisc.Handle);
        Assert.Equal(new HtbQdisc(2), qdiscs[Htb].Spec);
        Assert.Equal((Class, new FifoQdisc(250_000)), (qdiscs[TrafficHandle.Of(0x4350)].Parent, qdiscs[TrafficHandle.Of(0x4350)].Spec));
        var classes = Route.Classes(link).ToDictionary(item => item.ClassId);
        Assert.Equal((TrafficHandle.Root, fast), (classes[Top].Parent, classes[Top].Spec! with { Priority = 1 }));
        Assert.Equal((Top, TrafficHandle.Of(0x4350), Spec(1_250_000, 2_500_000)), (classes[Class].Parent, classes[Class].Leaf, classes[Class].Spec));

        Route.Execute(new ReplaceClass(link, Top, Class, Spec(2_500_000, 2_500_000)));
        Assert.Equal(2_500_000u, Route.Classes(link).Single(item => item.ClassId == Class).Spec!.Rate);
        Route.Execute(new DeleteClass(link, Class), new DeleteQdisc(link, TrafficHandle.Root, Htb));
        Assert.Empty(Route.Classes(link));
    }

    [Fact]
    public void Filters_are_what_was_asked_for()
    {
        var link = AddVethPair();
        Route.Execute(new AddLink("ifb0", LinkKind.Ifb), new SetLink("ifb0") { Up = true });
        var ifb = Route.Link("ifb0")!.Index;
        FilterReference Ingress(uint number) => new(link, TrafficHandle.IngressFilters, 22016, FilterReference.Ipv4, U32Key.Handle(0x800, 0, number));
        FilterReference OnIfb(uint handle) => new(ifb, Htb, 22016, FilterReference.Ipv4, handle);
        List<AddFilter> asked =
        [
            new(Ingress(1), new U32Key { Matches = [U32Match.OfProtocol(17), U32Match.HasPorts, U32Match.ToPort(0xc000, 0xc000)], ClassId = TrafficHandle.Of(0, 1) }),
            new(Ingress(2), new U32Key { Matches = [U32Match.Anything], RedirectTo = ifb }),
            new(OnIfb(U32Key.Handle(1, 0, 0)), new U32Table(256)),
            new(OnIfb(U32Key.Handle(0x800, 0, 1)), new U32Key { Matches = [U32Match.Anything], NextTable = 1, HashMask = 0xff, HashOffset = 16 }),
            new(OnIfb(U32Key.Handle(1, 64, 2)), new U32Key { Matches = [U32Match.To(System.Net.IPAddress.Parse("10.0.1.64"))], ClassId = Class }),
            new(new FilterReference(link, Htb, 22016, FilterReference.AnyProtocol, 1), new BpfFilter([BpfInstruction.LoadByte(23), BpfInstruction.ReturnA])),
        ];

        Route.Execute(
            new AddQdisc(link, TrafficHandle.Ingress, TrafficHandle.IngressQdisc, new IngressQdisc()),
            new AddQdisc(link, TrafficHandle.Root, Htb, new HtbQdisc(0)),
            new AddQdisc(ifb, TrafficHandle.Root, Htb, new HtbQdisc(0)),
            new ReplaceClass(ifb, Htb, Class, Spec(1_250_000, 2_500_000)));
        Route.Execute([.. asked]);

        var there = Route.Filters(link, TrafficHandle.IngressFilters).Concat(Route.Filters(ifb, Htb)).Concat(Route.Filters(link, Htb)).ToList();
        Assert.All(asked, filter => Assert.Contains(there, read => read.Where == filter.Where && filter.Spec.Equals(read.Spec)));
        // What tc shows too: the preference as a whole, and the first table.
        Assert.All(there.Where(read => asked.All(filter => filter.Where != read.Where)), read => Assert.True(read.Spec is null or U32Table { Divisor: 1 }));

        Route.Execute([.. asked.AsEnumerable().Reverse().Where(filter => filter.Where.Handle != U32Key.Handle(1, 0, 0)).Select(filter => new DeleteFilter(filter.Where, filter.Spec.Kind))]);
        Assert.DoesNotContain(Route.Filters(ifb, Htb), read => read.Spec is U32Key);
    }

    [Fact]
    public void Another_root_than_the_kernels_default_is_left_alone()
    {
        var link = AddVethPair();
        Tc("qdisc add dev veth0 root handle 1: tbf rate 1mbit burst 10k latency 10ms");

        var refused = Assert.Single(Route.TryExecute(new AddQdisc(link, TrafficHandle.Root, Htb, new HtbQdisc(2))));

        Assert.Equal(Errno.EEXIST, refused!.Errno);
        Assert.Equal("tbf", Assert.Single(Route.Qdiscs(), qdisc => qdisc.LinkIndex == link).Kind);
    }

    private string Tc(string command) => Inside.Execute("tc", command.Split(' '));

    private static HtbClassSpec Spec(ulong rate, ulong ceiling) =>
        new() { Rate = rate, Ceiling = ceiling, BurstTicks = 156_250, CeilingBurstTicks = 156_250, Quantum = 60_000, Priority = 1 };
}
