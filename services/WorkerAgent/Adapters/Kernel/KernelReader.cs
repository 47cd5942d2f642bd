using Vprox.Netlink;
using Vprox.Sysctl;
using Vprox.WireGuard;
using Vprox.WorkerAgent.Core;
using Route = Vprox.Netlink.Route;

namespace Vprox.WorkerAgent.Adapters.Kernel;

/// <summary>Reads what the kernel holds of ours.</summary>
internal sealed class KernelReader(RouteNetlink route, IWireGuardClient wireGuard, RulesetInForce ruleset)
{
    /// <summary>Stands for a link that is not ours, in a route with our protocol number that somebody else made.</summary>
    public const int UnknownSlot = -1;

    public async Task<ObservedWorker> ReadAsync(CancellationToken cancellationToken)
    {
        var links = route.Links();
        var ours = links.Where(link => IsTunnel(link))
            .ToDictionary(link => link.Index, link => TunnelNames.SlotOf(link.Name)!.Value);
        var routes = route.Routes();
        var rules = route.Rules();
        var foreign = links.Where(link => !ours.ContainsKey(link.Index)).Select(link => TunnelNames.SlotOf(link.Name))
            .Concat(routes.Where(each => each.Protocol != TunnelNames.Protocol).Select(each => TunnelNames.SlotOf(each.Table)))
            .Concat(rules.Where(each => each.Protocol != TunnelNames.Protocol).Select(each => TunnelNames.SlotOf(each.Table)));
        return new ObservedWorker
        {
            Ruleset = ruleset.Read(),
            Forwarding = SysctlFiles.Read("net/ipv4/ip_forward") == "1",
            Interfaces = await InterfacesAsync(links.Where(link => ours.ContainsKey(link.Index)), cancellationToken),
            // A node agent on the same host uses the same protocol number; the tables are ours alone.
            Rules = [.. rules.Where(rule => rule.Protocol == TunnelNames.Protocol && TunnelNames.SlotOf(rule.Table) is not null)
                .Select(rule => new ContainerRule(rule.From, rule.Table, rule.Priority))],
            Routes = [.. routes.Where(each => each.Protocol == TunnelNames.Protocol && IsOurs(each, ours)).Select(each => RouteOf(each, ours))],
            ForeignSlots = foreign.OfType<int>().ToHashSet(),
            OnLinkRoutes = [.. OnLinkRoutes(routes, links.Where(link => !ours.ContainsKey(link.Index)).ToDictionary(link => link.Index, link => link.Name))],
        };
    }

    // Not the default route of a point-to-point link: it leads to the world, not to containers.
    private static IEnumerable<OnLinkRoute> OnLinkRoutes(IEnumerable<Route> routes, Dictionary<int, string> links)
    {
        foreach (var route in routes)
        {
            if (route is { Type: RouteType.Unicast, Gateway: null, Destination.Length: > 0, LinkIndex: { } index } && links.TryGetValue(index, out var link))
                yield return new OnLinkRoute(route.Destination, link);
        }
    }

    private static bool IsTunnel(Link link) => TunnelNames.SlotOf(link.Name) is not null && (link.Kind is LinkKind.WireGuard or LinkKind.Tun);

    private static bool IsOurs(Route route, Dictionary<int, int> ours) =>
        TunnelNames.SlotOf(route.Table) is not null || (route.LinkIndex is { } index && ours.ContainsKey(index));

    private static TunnelRoute RouteOf(Route route, Dictionary<int, int> ours) => new(
        route.Table, route.Destination,
        route.Type == RouteType.Unreachable ? null : route.LinkIndex is { } index && ours.TryGetValue(index, out var slot) ? slot : UnknownSlot,
        route.Metric);

    private async Task<IReadOnlyList<ObservedInterface>> InterfacesAsync(IEnumerable<Link> links, CancellationToken cancellationToken)
    {
        var addresses = route.Addresses().ToLookup(address => address.LinkIndex, address => address.Address);
        var interfaces = new List<ObservedInterface>();
        foreach (var link in links)
        {
            interfaces.Add(new ObservedInterface
            {
                Slot = TunnelNames.SlotOf(link.Name)!.Value,
                Up = link.IsUp,
                Mtu = link.Mtu,
                LooseReversePath = SysctlFiles.Read($"net/ipv4/conf/{link.Name}/rp_filter") == "2",
                Addresses = [.. addresses[link.Index]],
                Device = await wireGuard.GetAsync(link.Name, cancellationToken),
            });
        }
        return interfaces;
    }
}
