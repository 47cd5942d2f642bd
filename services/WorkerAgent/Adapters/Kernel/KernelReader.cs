using Vprox.Netlink;
using Vprox.Sysctl;
using Vprox.WorkerAgent.Core;
using Route = Vprox.Netlink.Route;

namespace Vprox.WorkerAgent.Adapters.Kernel;

/// <summary>Reads what the kernel holds of ours, and of that only what can have changed since.</summary>
internal sealed class KernelReader(RouteNetlink route, RouteMonitor monitor, TunnelInterfaces tunnels, RulesetInForce ruleset)
{
    /// <summary>Stands for a link that is not ours, in a route with our protocol number that somebody else made.</summary>
    public const int UnknownSlot = -1;

    private readonly RoutingView _host = new(route, monitor);

    /// <summary>Reads it.</summary>
    /// <param name="everything">True also reads what can only have changed by somebody else's hand and of which the kernel tells nobody.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<ObservedWorker> ReadAsync(bool everything, CancellationToken cancellationToken)
    {
        _host.Read(everything);
        var (links, routes, rules) = (_host.Links, _host.Routes, _host.Rules);
        var ours = links.Where(link => IsTunnel(link))
            .ToDictionary(link => link.Index, link => TunnelNames.SlotOf(link.Name)!.Value);
        var foreign = links.Where(link => !ours.ContainsKey(link.Index)).Select(link => TunnelNames.SlotOf(link.Name))
            .Concat(routes.Where(each => each.Protocol != TunnelNames.Protocol).Select(each => TunnelNames.SlotOf(each.Table)))
            .Concat(rules.Where(each => each.Protocol != TunnelNames.Protocol).Select(each => TunnelNames.SlotOf(each.Table)));
        return new ObservedWorker
        {
            Ruleset = ruleset.Read(),
            Forwarding = SysctlFiles.Read("net/ipv4/ip_forward") == "1",
            Interfaces = await InterfacesAsync(links.Where(link => ours.ContainsKey(link.Index)).ToDictionary(link => ours[link.Index]), everything, cancellationToken),
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

    private async Task<IReadOnlyList<ObservedInterface>> InterfacesAsync(Dictionary<int, Link> links, bool everything, CancellationToken cancellationToken)
    {
        var addresses = _host.Addresses.ToLookup(address => address.LinkIndex, address => address.Address);
        var seen = await tunnels.ReadAsync(links, everything, cancellationToken);
        return [.. links.Select(link => new ObservedInterface
        {
            Slot = link.Key,
            Up = link.Value.IsUp,
            Mtu = link.Value.Mtu,
            LooseReversePath = seen[link.Key].LooseReversePath,
            Addresses = [.. addresses[link.Value.Index]],
            Device = seen[link.Key].Device,
        })];
    }
}
