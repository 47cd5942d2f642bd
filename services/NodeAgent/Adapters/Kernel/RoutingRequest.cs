using Vprox.Netlink;
using Vprox.NodeAgent.Core.DataPlane;
using Vprox.NodeAgent.Core.DataPlane.Changes;

namespace Vprox.NodeAgent.Adapters.Kernel;

/// <summary>A step that is one rtnetlink request.</summary>
/// <param name="Request">The request.</param>
/// <param name="AlreadyDone">What the kernel says when the step was done before, for instance together with a deleted link.</param>
internal sealed record RoutingRequest(RouteRequest Request, Errno AlreadyDone)
{
    /// <summary>True for the steps that are.</summary>
    public static bool IsOne(KernelChange change) =>
        change is SetInterfaceUp or SetLinkUp or PutAddress or RemoveAddress or PutRoute or RemoveRoute or PutRule or RemoveRule;

    /// <summary>The link that must exist for the step; null when it needs none.</summary>
    public static string? LinkOf(KernelChange change) => change switch
    {
        PutAddress put => put.Address.Link,
        RemoveAddress removed => removed.Address.Link,
        PutRoute put => put.Route.Link,
        RemoveRoute removed => removed.Route.Link,
        _ => null,
    };

    /// <summary>The request of a step.</summary>
    public static RoutingRequest For(KernelChange change, IReadOnlyDictionary<string, int> links) => change switch
    {
        SetInterfaceUp up => new(new SetLink(up.Name) { Up = true, Mtu = up.Mtu }, default),
        SetLinkUp up => new(new SetLink(up.Name) { Up = true }, default),
        PutAddress { Address: var address } =>
            new(new AddAddress(links[address.Link], address.Address, address.PrefixLength) { Protocol = RouteProtocol.Vprox }, Errno.EEXIST),
        RemoveAddress { Address: var address } => new(new DeleteAddress(links[address.Link], address.Address, address.PrefixLength), Errno.EADDRNOTAVAIL),
        PutRoute { Replaces: true } put => new(new ReplaceRoute(Spec(put.Route, links)), default),
        // An address that arrived since the plan was made has its route; another than it shall be is found by the next round.
        PutRoute put => new(new AddRoute(Spec(put.Route, links)), Errno.EEXIST),
        RemoveRoute removed => new(new DeleteRoute(Spec(removed.Route, links)), Errno.ESRCH),
        PutRule put => new(new AddRule(put.Rule), Errno.EEXIST),
        RemoveRule removed => new(new DeleteRule(removed.Rule), Errno.ENOENT),
        _ => throw new ArgumentException($"{change.GetType().Name} is no rtnetlink request", nameof(change)),
    };

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
