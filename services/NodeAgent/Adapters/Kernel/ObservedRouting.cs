using System.Net;
using Vprox.Netlink;
using Vprox.NodeAgent.Core.DataPlane;

namespace Vprox.NodeAgent.Adapters.Kernel;

/// <summary>
/// Links, addresses, routes and rules, a dump each, as they were seen last. The kernel tells when any of them changes (rtnetlink(7), multicast
/// groups), and only then are they read again; once a minute they are in any case.
/// </summary>
internal sealed class ObservedRouting(RouteNetlink route, RouteMonitor monitor, TimeProvider time)
{
    private static readonly TimeSpan LongestTrust = TimeSpan.FromMinutes(1);

    private IReadOnlyList<InterfaceAddress> _addresses = [];
    private IReadOnlyList<Netlink.Route> _routes = [];
    private long _readAt;
    private bool _isRead;

    /// <summary>All links by name, foreign ones too.</summary>
    public IReadOnlyDictionary<string, Link> Links { get; private set; } = new Dictionary<string, Link>();

    /// <summary>The same by index.</summary>
    public IReadOnlyDictionary<int, Link> LinksByIndex { get; private set; } = new Dictionary<int, Link>();

    /// <summary>Rules of our protocol number.</summary>
    public IReadOnlySet<RuleSpec> Rules { get; private set; } = new HashSet<RuleSpec>();

    /// <summary>Routes of our protocol number.</summary>
    public IReadOnlySet<KernelRoute> Routes { get; private set; } = new HashSet<KernelRoute>();

    /// <summary>Reads what may have changed.</summary>
    /// <returns>What was read anew.</returns>
    public RouteChanges Read()
    {
        // Before the dumps: what changes during them is told after, and read the next time.
        var changed = monitor.Seen();
        if (!_isRead || time.GetElapsedTime(_readAt) > LongestTrust)
            changed = RouteChanges.All;
        // Addresses and routes are named by links.
        if (changed.HasFlag(RouteChanges.Links))
            changed = RouteChanges.All;
        if (changed == RouteChanges.None)
            return changed;
        _isRead = false;
        if (changed.HasFlag(RouteChanges.Links))
            (Links, LinksByIndex) = Named(route.Links());
        if (changed.HasFlag(RouteChanges.Addresses))
            _addresses = [.. route.Addresses()];
        // With an address go the routes that have it as source, untold (fib_sync_down_addr, net/ipv4/fib_semantics.c).
        if (changed.HasFlag(RouteChanges.Routes) || changed.HasFlag(RouteChanges.Addresses))
            _routes = [.. route.Routes(protocol: RouteProtocol.Vprox)];
        if (changed.HasFlag(RouteChanges.Rules))
            Rules = route.Rules(RouteProtocol.Vprox).Select(rule => rule.ToSpec()).ToHashSet();
        Routes = _routes
            .Where(item => item.LinkIndex is null || LinksByIndex.ContainsKey(item.LinkIndex.Value))
            .Select(item => new KernelRoute(
                item.Table, item.Destination, item.Type, item.Metric,
                item.LinkIndex is { } index && item.Type == RouteType.Unicast ? LinksByIndex[index].Name : null, item.Gateway, item.Source))
            .ToHashSet();
        if (changed == RouteChanges.All)
            _readAt = time.GetTimestamp();
        _isRead = true;
        return changed;
    }

    /// <summary>The addresses that are ours: those on our tunnels, those that bear our protocol number, and those of placements.</summary>
    public IReadOnlySet<KernelAddress> Addresses(IReadOnlyDictionary<string, TunnelInterface> tunnels, IReadOnlySet<IPAddress> claimed) => _addresses
        .Where(address => LinksByIndex.ContainsKey(address.LinkIndex))
        .Where(address => tunnels.ContainsKey(LinksByIndex[address.LinkIndex].Name) || IsOurs(address, claimed))
        .Select(address => new KernelAddress(LinksByIndex[address.LinkIndex].Name, address.Address, address.PrefixLength))
        .ToHashSet();

    private static (Dictionary<string, Link> ByName, Dictionary<int, Link> ByIndex) Named(IReadOnlyList<Link> links) =>
        (links.ToDictionary(link => link.Name), links.ToDictionary(link => link.Index));

    // Before kernel 5.18 an address bears no protocol number; then only those of placements are recognized.
    private static bool IsOurs(InterfaceAddress address, IReadOnlySet<IPAddress> claimed) =>
        address.Protocol == RouteProtocol.Vprox || (address.PrefixLength == 32 && claimed.Contains(address.Address));
}
