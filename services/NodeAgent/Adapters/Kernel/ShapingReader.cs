using Vprox.Netlink;
using Vprox.NodeAgent.Core.DataPlane.Counting;
using Vprox.NodeAgent.Core.DataPlane.Shaping;

namespace Vprox.NodeAgent.Adapters.Kernel;

/// <summary>Reads traffic control: one dump of all qdiscs, and of the links with a tree of ours its classes and filters.</summary>
/// <param name="route">The kernel.</param>
/// <param name="monitor">Tells when it need not be read again; null reads each time.</param>
internal sealed class ShapingReader(RouteNetlink route, ChangeMonitor? monitor = null)
{
    private Known? _known;

    /// <summary>Reads what is ours, and what stands where ours should.</summary>
    public ShapingState Read(IReadOnlyDictionary<int, Link> links, ShapingState desired)
    {
        if (monitor is null)
            return ReadAnew(links, desired);
        // What changes while it is read is told at the next call.
        var changed = monitor.HasChanged();
        var about = Shaped(links, desired);
        if (changed || _known is null || !_known.About.SequenceEqual(about))
            _known = new Known(about, ReadAnew(links, desired));
        return _known.State;
    }

    // The links that matter: one that was made anew has another index, and the kernel does not tell what went with the old one.
    private static List<(int Index, string Name, bool IsUp)> Shaped(IReadOnlyDictionary<int, Link> links, ShapingState desired) =>
        [.. links.Values
            .Where(link => ShapingTree.IsBlock(link.Name) || desired.Objects.ContainsKey(ShapingQdisc.KeyOf(link.Name, ShapingTree.Root)))
            .Select(link => (link.Index, link.Name, link.IsUp))
            .OrderBy(link => link.Index)];

    private ShapingState ReadAnew(IReadOnlyDictionary<int, Link> links, ShapingState desired)
    {
        var qdiscs = route.Qdiscs().Where(qdisc => links.ContainsKey(qdisc.LinkIndex)).ToLookup(qdisc => qdisc.LinkIndex);
        var objects = new List<TrafficObject>();
        var foreign = new HashSet<TrafficKey>();
        foreach (var on in qdiscs)
        {
            var name = links[on.Key].Name;
            var rootKey = ShapingQdisc.KeyOf(name, ShapingTree.Root);
            var root = on.FirstOrDefault(qdisc => qdisc.Parent == TrafficHandle.Root);
            if (root is { Spec: HtbQdisc } && root.Handle == ShapingTree.Root)
                objects.AddRange(Tree(name, on.ToList()));
            // The kernel's own defaults have no handle.
            else if (root is not null && root.Handle.Major != 0 && desired.Objects.ContainsKey(rootKey))
                foreign.Add(rootKey);
            if (on.FirstOrDefault(qdisc => qdisc.Parent == TrafficHandle.Ingress) is { } ingress)
                ReadIngress(ingress, links, objects, foreign);
        }
        return new ShapingState
        {
            Blocks = links.Values.Where(link => link.Kind == LinkKind.Ifb && ShapingTree.IsBlock(link.Name)).ToDictionary(link => link.Name, link => link.IsUp),
            Objects = objects.ToDictionary(item => item.Key),
            Foreign = foreign,
        };
    }

    /// <summary>Packets that the queues of addresses have dropped.</summary>
    public IReadOnlyDictionary<ShapedQueue, ulong> Drops()
    {
        var links = route.Links().ToDictionary(link => link.Index);
        var qdiscs = route.Qdiscs();
        var trees = qdiscs.Where(qdisc => qdisc.Parent == TrafficHandle.Root && qdisc.Handle == ShapingTree.Root).Select(qdisc => qdisc.LinkIndex).ToHashSet();
        var drops = new Dictionary<ShapedQueue, ulong>();
        foreach (var queue in qdiscs.Where(qdisc => trees.Contains(qdisc.LinkIndex) && qdisc.Parent.Major == ShapingTree.Root.Major && qdisc.Parent.Minor > ShapingTree.Rest.Minor))
        {
            if (links.TryGetValue(queue.LinkIndex, out var link))
                drops[new ShapedQueue(link.Index, queue.Parent.Minor, !ShapingTree.IsBlock(link.Name))] = queue.Statistics.Drops;
        }
        return drops;
    }

    private IEnumerable<TrafficObject> Tree(string name, List<Qdisc> qdiscs)
    {
        var link = qdiscs[0].LinkIndex;
        foreach (var qdisc in qdiscs.Where(qdisc => qdisc.Handle.Major != 0 && qdisc.Parent != TrafficHandle.Ingress))
        {
            yield return new ShapingQdisc(name, qdisc.Parent, qdisc.Handle, qdisc.Spec);
            if (qdisc.Spec is FqCodelQdisc or SfqQdisc || (qdisc.Handle == ShapingTree.Root && ShapingTree.IsBlock(name)))
            {
                foreach (var filter in Ours(route.Filters(link, qdisc.Handle)))
                    yield return new ShapingFilter(name, qdisc.Handle, filter.Where.Handle, filter.Spec!);
            }
        }
        foreach (var item in route.Classes(link).Where(item => item.Spec is not null))
            yield return new ShapingClass(name, item.Parent, item.ClassId, item.Spec!);
    }

    private void ReadIngress(Qdisc ingress, IReadOnlyDictionary<int, Link> links, List<TrafficObject> objects, HashSet<TrafficKey> foreign)
    {
        var name = links[ingress.LinkIndex].Name;
        var filters = route.Filters(ingress.LinkIndex, TrafficHandle.IngressFilters);
        // In whatever table the kernel put them: it gives others' preferences tables of their own.
        objects.AddRange(Ours(filters).Select(filter => filter.Spec is U32Key { RedirectTo: { } target } key
            ? new ShapingFilter(name, filter.Where.Parent, filter.Where.Handle & U32Key.Numbers, key with { RedirectTo = null }, links.GetValueOrDefault(target)?.Name ?? $"if{target}")
            : new ShapingFilter(name, filter.Where.Parent, filter.Where.Handle & U32Key.Numbers, filter.Spec!)));
        // One that others use too, or a clsact, is not ours to delete.
        if (ingress.Spec is IngressQdisc && filters.All(filter => filter.Where.Preference == ShapingFilter.Preference))
            objects.Add(new ShapingQdisc(name, TrafficHandle.Ingress, TrafficHandle.IngressQdisc, ingress.Spec));
        else
            foreign.Add(ShapingQdisc.KeyOf(name, TrafficHandle.IngressQdisc));
    }

    // The kernel also tells of a preference as a whole, and of the first table, which it makes by itself.
    private static IEnumerable<Filter> Ours(IEnumerable<Filter> filters) =>
        filters.Where(filter => filter.Where.Preference == ShapingFilter.Preference && filter.Spec is not (null or U32Table { Divisor: 1 }));

    private sealed record Known(List<(int Index, string Name, bool IsUp)> About, ShapingState State);
}
