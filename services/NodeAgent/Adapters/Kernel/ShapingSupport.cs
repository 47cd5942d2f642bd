using System.Globalization;
using System.Security.Cryptography;
using Vprox.Netlink;
using Vprox.NodeAgent.Core.DataPlane.Shaping;

namespace Vprox.NodeAgent.Adapters.Kernel;

/// <summary>What this kernel can shape with, found by trying it on a link of its own: kernels load such modules when they are first asked for.</summary>
/// <param name="Leaf">The best queue that it has; null when it cannot shape at all.</param>
/// <param name="Missing">What it lacks, in a sentence; null when nothing.</param>
internal sealed record ShapingSupport(LeafKind? Leaf, string? Missing)
{
    /// <summary>Tries.</summary>
    public static ShapingSupport Probe(RouteNetlink route)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"vpi-{RandomNumberGenerator.GetInt32(int.MaxValue):x8}");
        if (Refusal(route, new AddLink(name, LinkKind.Ifb)) is { } noIfb)
            return new ShapingSupport(null, $"bandwidth is not limited, the kernel has no ifb: {noIfb}");
        try
        {
            return Probe(route, route.Link(name)!.Index);
        }
        finally
        {
            route.TryExecute(new DeleteLink(name));
        }
    }

    private static ShapingSupport Probe(RouteNetlink route, int link)
    {
        var any = new LinkShares(new ShapingOptions(), 0).Top;
        var address = ShapingTree.ClassOf(0xc000);
        var leaf = ShapingTree.LeafOf(0xc000);
        RouteRequest[] needed =
        [
            new AddQdisc(link, TrafficHandle.Root, ShapingTree.Root, new HtbQdisc(0)),
            new ReplaceClass(link, ShapingTree.Root, address, any),
            new AddQdisc(link, TrafficHandle.Ingress, TrafficHandle.IngressQdisc, new IngressQdisc()),
            new AddFilter(At(link, TrafficHandle.IngressFilters, FilterReference.Ipv4), new U32Key { Matches = [U32Match.Anything], RedirectTo = link }),
        ];
        foreach (var request in needed)
        {
            if (Refusal(route, request) is { } reason)
                return new ShapingSupport(null, $"bandwidth is not limited, the kernel lacks what it takes: {reason}");
        }
        bool Has(RouteRequest request) => Refusal(route, request) is null;
        bool HasPrograms() => Has(new AddFilter(At(link, leaf, FilterReference.AnyProtocol), new BpfFilter([BpfInstruction.Return(1)])));
        if (Has(new AddQdisc(link, address, leaf, new FqCodelQdisc(TunnelQueues.Count, 1514))))
        {
            return HasPrograms()
                ? new ShapingSupport(LeafKind.FairByTunnel, null)
                : new ShapingSupport(LeafKind.FairByFlow, "the bandwidth of an address is shared by its connections and not by its tunnels, the kernel has no cls_bpf");
        }
        return Has(new AddQdisc(link, address, leaf, new SfqQdisc())) && HasPrograms()
            ? new ShapingSupport(LeafKind.StochasticByTunnel, null)
            : new ShapingSupport(LeafKind.Fifo, "tunnels of an address take its bandwidth from each other, the kernel has neither fq_codel nor sfq with cls_bpf");
    }

    private static FilterReference At(int link, TrafficHandle parent, ushort protocol) => new(link, parent, ShapingFilter.Preference, protocol, 1);

    private static NetlinkError? Refusal(RouteNetlink route, RouteRequest request) => route.TryExecute(request)[0];
}
