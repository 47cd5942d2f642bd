using Vprox.Netlink;
using Vprox.NodeAgent.Core.DataPlane;
using Vprox.NodeAgent.Core.DataPlane.Changes;
using Vprox.NodeAgent.Core.DataPlane.Shaping;

namespace Vprox.NodeAgent.Adapters.Kernel;

/// <summary>A step that is one rtnetlink request.</summary>
/// <param name="Request">The request.</param>
/// <param name="AlreadyDone">What the kernel says when the step was done before, for instance together with a deleted link.</param>
internal sealed record RoutingRequest(RouteRequest Request, Errno AlreadyDone)
{
    /// <summary>True for the steps that are.</summary>
    public static bool IsOne(KernelChange change) =>
        change is SetInterfaceUp or SetLinkUp or PutAddress or RemoveAddress or PutRoute or RemoveRoute or PutRule or RemoveRule || IsShaping(change);

    /// <summary>True for the steps without which packets flow all the same, only not shaped.</summary>
    public static bool IsShaping(KernelChange change) => change is CreateBlock or SetBlockUp or DeleteBlock or PutTraffic or RemoveTraffic;

    /// <summary>The links that must exist for the step.</summary>
    public static IEnumerable<string> LinksOf(KernelChange change) => ((string?[])(change switch
    {
        PutAddress put => [put.Address.Link],
        RemoveAddress removed => [removed.Address.Link],
        PutRoute put => [put.Route.Link],
        RemoveRoute removed => [removed.Route.Link],
        PutTraffic put => [put.Item.Link, (put.Item as ShapingFilter)?.RedirectTo],
        RemoveTraffic removed => [removed.Item.Link],
        _ => [],
    })).OfType<string>();

    /// <summary>The request of a step.</summary>
    public static RoutingRequest For(KernelChange change, IReadOnlyDictionary<string, int> links) => change switch
    {
        SetInterfaceUp up => new(new SetLink(up.Name) { Up = true, Mtu = up.Mtu }, default),
        SetLinkUp up => new(new SetLink(up.Name) { Up = true }, default),
        PutAddress { Address: var address } =>
            new(new AddAddress(links[address.Link], address.Address, address.PrefixLength) { Protocol = RouteProtocol.Vprox }, Errno.EEXIST),
        RemoveAddress { Address: var address } => new(new DeleteAddress(links[address.Link], address.Address, address.PrefixLength), Errno.EADDRNOTAVAIL),
        PutRoute put => new(new ReplaceRoute(Spec(put.Route, links)), default),
        RemoveRoute removed => new(new DeleteRoute(Spec(removed.Route, links)), Errno.ESRCH),
        PutRule put => new(new AddRule(put.Rule), Errno.EEXIST),
        RemoveRule removed => new(new DeleteRule(removed.Rule), Errno.ENOENT),
        CreateBlock created => new(new AddLink(created.Name, LinkKind.Ifb), Errno.EEXIST),
        SetBlockUp up => new(new SetLink(up.Name) { Up = true }, default),
        DeleteBlock deleted => new(new DeleteLink(deleted.Name), Errno.ENODEV),
        PutTraffic put => new(Put(put.Item, links[put.Item.Link], put.Replaces, links), default),
        RemoveTraffic removed => new(Remove(removed.Item, links[removed.Item.Link]), Errno.ENOENT),
        _ => throw new ArgumentException($"{change.GetType().Name} is no rtnetlink request", nameof(change)),
    };

    private static RouteRequest Put(TrafficObject item, int link, bool replaces, IReadOnlyDictionary<string, int> links) => item switch
    {
        ShapingQdisc qdisc => new AddQdisc(link, qdisc.Parent, qdisc.Handle, qdisc.Spec) { Replaces = replaces },
        ShapingClass { Parent: var parent } put => new ReplaceClass(link, parent == TrafficHandle.Root ? ShapingTree.Root : parent, put.ClassId, put.Spec),
        ShapingFilter { RedirectTo: { } target, Spec: U32Key key } filter => new AddFilter(At(filter, link), key with { RedirectTo = links[target] }),
        ShapingFilter filter => new AddFilter(At(filter, link), filter.Spec) { Replaces = replaces },
        _ => throw new ArgumentException($"{item} is no object of traffic control", nameof(item)),
    };

    private static RouteRequest Remove(TrafficObject item, int link) => item switch
    {
        ShapingQdisc qdisc => new DeleteQdisc(link, qdisc.Parent, qdisc.Handle),
        ShapingClass gone => new DeleteClass(link, gone.ClassId),
        // The whole preference, see ShapingPlan.
        ShapingFilter filter when filter.Parent == TrafficHandle.IngressFilters => new DeleteFilter(At(filter, link) with { Handle = 0 }, filter.Spec.Kind),
        ShapingFilter filter => new DeleteFilter(At(filter, link), filter.Spec.Kind),
        _ => throw new ArgumentException($"{item} is no object of traffic control", nameof(item)),
    };

    private static FilterReference At(ShapingFilter filter, int link) =>
        new(link, filter.Parent, ShapingFilter.Preference, filter.Protocol, filter.Handle);

    private static RouteSpec Spec(KernelRoute route, IReadOnlyDictionary<string, int> links) => new()
    {
        Destination = route.Destination,
        Type = route.Type,
        Table = route.Table,
        Gateway = route.Gateway,
        LinkIndex = route.Link is null ? null : links[route.Link],
        Metric = route.Metric,
        Source = route.Source,
        OnLink = route.Gateway is not null,
    };
}
