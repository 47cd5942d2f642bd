using Vprox.Netlink;
using Vprox.NodeAgent.Core.DataPlane.Changes;
using Vprox.NodeAgent.Core.DataPlane.Shaping;

namespace Vprox.NodeAgent.Tests.DataPlane;

/// <summary>Traffic control on paper: refuses what hangs on nothing, and what is still in use.</summary>
internal static class ModelTrafficControl
{
    public static ShapingState Apply(ShapingState state, KernelChange change) => change switch
    {
        CreateBlock created => state.Blocks.ContainsKey(created.Name)
            ? throw new InvalidOperationException($"{created.Name} is there already")
            : WithBlock(state, created.Name, up: false),
        SetBlockUp up => WithBlock(state, up.Name, up: true),
        DeleteBlock deleted => state with
        {
            Blocks = state.Blocks.Where(block => block.Key != deleted.Name).ToDictionary(),
            Objects = state.Objects.Where(item => item.Key.Link != deleted.Name).ToDictionary(),
        },
        PutTraffic put => Put(state, put),
        RemoveTraffic removed => Remove(state, removed.Item),
        _ => throw new InvalidOperationException($"{change} is none of traffic control"),
    };

    private static ShapingState WithBlock(ShapingState state, string name, bool up) =>
        state with { Blocks = new Dictionary<string, bool>(state.Blocks) { [name] = up } };

    private static ShapingState Put(ShapingState state, PutTraffic put)
    {
        if (put.Replaces != state.Objects.ContainsKey(put.Item.Key))
            throw new InvalidOperationException($"{put} is the wrong request");
        if (ShapingTree.IsBlock(put.Item.Link) && !state.Blocks.ContainsKey(put.Item.Link))
            throw new InvalidOperationException($"{put}: no such link");
        foreach (var needed in Needs(put.Item).Where(needed => !state.Objects.ContainsKey(needed)))
            throw new InvalidOperationException($"{put} hangs on {needed}, which is not there");
        if (put.Item is ShapingFilter { RedirectTo: { } target } && (!state.Blocks.GetValueOrDefault(target) || !state.Objects.ContainsKey(ShapingQdisc.KeyOf(target, ShapingTree.Root))))
            throw new InvalidOperationException($"{put} redirects to what is not ready");
        return state with { Objects = new Dictionary<TrafficKey, TrafficObject>(state.Objects) { [put.Item.Key] = put.Item } };
    }

    private static ShapingState Remove(ShapingState state, TrafficObject item)
    {
        if (item is ShapingClass gone && state.Objects.Values.Any(other => other is ShapingFilter { Spec: U32Key key } && other.Link == item.Link && key.ClassId == gone.ClassId))
            throw new InvalidOperationException($"{item} is in use");
        // Ingress filters go all together.
        var left = state.Objects.Where(pair => pair.Key != item.Key && (!IsIngress(item) || !IsIngress(pair.Value) || pair.Key.Link != item.Link)).ToDictionary();
        // What hangs on it goes along, and so on.
        while (left.Where(pair => Needs(pair.Value).Any(needed => !left.ContainsKey(needed))).Select(pair => pair.Key).ToList() is { Count: > 0 } orphans)
            orphans.ForEach(orphan => left.Remove(orphan));
        return state with { Objects = left };
    }

    private static bool IsIngress(TrafficObject item) => item is ShapingFilter filter && filter.Parent == TrafficHandle.IngressFilters;

    private static IEnumerable<TrafficKey> Needs(TrafficObject item) => item switch
    {
        ShapingQdisc qdisc when qdisc.Parent == TrafficHandle.Root || qdisc.Parent == TrafficHandle.Ingress => [],
        ShapingQdisc leaf => [new TrafficKey(item.Link, TrafficKind.Class, default, leaf.Parent.Value)],
        ShapingClass top when top.Parent == TrafficHandle.Root => [ShapingQdisc.KeyOf(item.Link, ShapingTree.Root)],
        ShapingClass below => [new TrafficKey(item.Link, TrafficKind.Class, default, below.Parent.Value)],
        ShapingFilter filter when filter.Parent == TrafficHandle.IngressFilters => [ShapingQdisc.KeyOf(item.Link, TrafficHandle.IngressQdisc)],
        ShapingFilter filter => [ShapingQdisc.KeyOf(item.Link, filter.Parent), .. filter.Spec is U32Key { ClassId: { } id } ? [new TrafficKey(item.Link, TrafficKind.Class, default, id.Value)] : Array.Empty<TrafficKey>()],
        _ => [],
    };
}
