using Vprox.Netlink;
using Vprox.NodeAgent.Core.DataPlane.Changes;

namespace Vprox.NodeAgent.Core.DataPlane.Shaping;

/// <summary>
/// The steps of traffic control: trees before the filters that lead into them, filters away before their trees. Rates change in place, without a lost
/// packet. Where somebody else's qdisc is a link's root, what leaves by that link stays as it is.
/// </summary>
public static class ShapingPlan
{
    /// <summary>What comes or changes.</summary>
    public static IEnumerable<KernelChange> Additions(ShapingState desired, ShapingState actual)
    {
        foreach (var name in desired.Blocks.Keys.Where(name => !actual.Blocks.ContainsKey(name)))
            yield return new CreateBlock(name);
        foreach (var name in desired.Blocks.Keys.Where(name => !actual.Blocks.GetValueOrDefault(name)))
            yield return new SetBlockUp(name);
        var anew = Turned(desired, actual);
        foreach (var filter in anew.Values)
            yield return new RemoveTraffic(filter);
        foreach (var item in Wanted(desired, actual))
        {
            var there = IsIngress(item) && anew.ContainsKey(item.Link) ? null : actual.Objects.GetValueOrDefault(item.Key);
            if (item.Equals(there))
                continue;
            if (there is not null && !ChangesInPlace(item, there))
            {
                yield return new RemoveTraffic(there);
                there = null;
            }
            yield return new PutTraffic(item, there is not null);
        }
    }

    /// <summary>What goes.</summary>
    public static IEnumerable<KernelChange> Removals(ShapingState desired, ShapingState actual)
    {
        var kept = Wanted(desired, actual).Select(item => item.Key).ToHashSet();
        var surplus = actual.Objects.Values
            .Where(item => !kept.Contains(item.Key) && (!actual.Blocks.ContainsKey(item.Link) || desired.Blocks.ContainsKey(item.Link)))
            .ToDictionary(item => item.Key);
        foreach (var filter in surplus.Values.Where(IsIngress).DistinctBy(item => item.Link).Where(item => desired.Objects.Values.All(wanted => !IsIngress(wanted) || wanted.Link != item.Link)))
            yield return new RemoveTraffic(filter);
        foreach (var item in surplus.Values.Where(item => !IsIngress(item) && !GoesWithAnother(item, surplus)).OrderByDescending(item => item.Key.Kind))
            yield return new RemoveTraffic(item);
        foreach (var name in actual.Blocks.Keys.Where(name => !desired.Blocks.ContainsKey(name)))
            yield return new DeleteBlock(name);
    }

    private static bool IsIngress(TrafficObject item) => item is ShapingFilter filter && filter.Parent == TrafficHandle.IngressFilters;

    /// <summary>
    /// The ingress filters of a link are removed all together: the number of their u32 table depends on what others have there, and a filter's handle with
    /// it. One for each link where a filter is there that should not be, or not so.
    /// </summary>
    private static Dictionary<string, TrafficObject> Turned(ShapingState desired, ShapingState actual) => actual.Objects.Values
        .Where(item => IsIngress(item) && !item.Equals(desired.Objects.GetValueOrDefault(item.Key)))
        .DistinctBy(item => item.Link)
        .Where(item => desired.Objects.Values.Any(wanted => IsIngress(wanted) && wanted.Link == item.Link))
        .ToDictionary(item => item.Link);

    private static IEnumerable<TrafficObject> Wanted(ShapingState desired, ShapingState actual) =>
        actual.Foreign.Count == 0 ? desired.Objects.Values : desired.Objects.Values.Where(item => !actual.Foreign.Contains(StandsOn(item)));

    // The qdisc whose place decides: an ingress filter does with another's ingress qdisc, a class does not with another's root.
    private static TrafficKey StandsOn(TrafficObject item) => item switch
    {
        ShapingFilter filter when filter.Parent == TrafficHandle.IngressFilters => filter.Key,
        ShapingQdisc qdisc when qdisc.Parent == TrafficHandle.Ingress => qdisc.Key,
        _ => ShapingQdisc.KeyOf(item.Link, ShapingTree.Root),
    };

    // A u32 filter keeps what it matched first (u32_init_knode, net/sched/cls_u32.c), a class its parent, and a qdisc its kind and queues.
    private static bool ChangesInPlace(TrafficObject item, TrafficObject there) => (item, there) switch
    {
        (ShapingClass wanted, ShapingClass old) => wanted.Parent == old.Parent,
        (ShapingFilter { Spec: BpfFilter }, ShapingFilter { Spec: BpfFilter }) => true,
        (ShapingQdisc { Spec: FifoQdisc } wanted, ShapingQdisc { Spec: FifoQdisc } old) => wanted.Parent == old.Parent,
        _ => false,
    };

    // A root takes its tree along, a class its queue, a queue its filter. A class does not go while a filter names it.
    private static bool GoesWithAnother(TrafficObject item, Dictionary<TrafficKey, TrafficObject> surplus)
    {
        var root = ShapingQdisc.KeyOf(item.Link, ShapingTree.Root);
        if (item is ShapingQdisc { Parent: var place } && (place == TrafficHandle.Ingress || place == TrafficHandle.Root))
            return false;
        return surplus.ContainsKey(root) || item switch
        {
            ShapingQdisc leaf => surplus.ContainsKey(new TrafficKey(item.Link, TrafficKind.Class, default, leaf.Parent.Value)),
            ShapingFilter filter => surplus.ContainsKey(ShapingQdisc.KeyOf(item.Link, filter.Parent)),
            _ => false,
        };
    }
}
