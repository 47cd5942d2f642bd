using System.Net;
using Vprox.Netlink;
using Vprox.NodeAgent.Core.DataPlane;

namespace Vprox.NodeAgent.Adapters.Kernel;

/// <summary>Links, addresses, routes and rules in a plan's terms. What the kernel does not tell of is read anew once a minute in any case.</summary>
internal sealed class ObservedRouting(RouteNetlink route, RouteMonitor monitor, TimeProvider time)
{
    private static readonly TimeSpan LongestTrust = TimeSpan.FromMinutes(1);

    private readonly RoutingView _view = new(route, monitor, RouteProtocol.Vprox);
    private long? _readAt;

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
        var changed = _view.Read(everything: _readAt is not { } readAt || time.GetElapsedTime(readAt) > LongestTrust);
        if (changed == RouteChanges.All)
            _readAt = time.GetTimestamp();
        if (changed.HasFlag(RouteChanges.Links))
            (Links, LinksByIndex) = (_view.Links.ToDictionary(link => link.Name), _view.Links.ToDictionary(link => link.Index));
        // Routes are named by links.
        if (changed.HasFlag(RouteChanges.Routes))
            Routes = _view.Routes.Where(item => item.LinkIndex is null || LinksByIndex.ContainsKey(item.LinkIndex.Value)).Select(InPlansTerms).ToHashSet();
        if (changed.HasFlag(RouteChanges.Rules))
            Rules = _view.Rules.Select(rule => rule.ToSpec()).ToHashSet();
        return changed;
    }

    /// <summary>The addresses that are ours: those on our tunnels, those that bear our protocol number, and those of placements.</summary>
    public IReadOnlySet<KernelAddress> Addresses(IReadOnlyDictionary<string, TunnelInterface> tunnels, IReadOnlySet<IPAddress> claimed) => _view.Addresses
        .Where(address => LinksByIndex.ContainsKey(address.LinkIndex))
        .Where(address => tunnels.ContainsKey(LinksByIndex[address.LinkIndex].Name) || IsOurs(address, claimed))
        .Select(address => new KernelAddress(LinksByIndex[address.LinkIndex].Name, address.Address, address.PrefixLength))
        .ToHashSet();

    private KernelRoute InPlansTerms(Netlink.Route item) => new(
        item.Table, item.Destination, item.Type, item.Metric,
        item.LinkIndex is { } index && item.Type == RouteType.Unicast ? LinksByIndex[index].Name : null, item.Gateway, item.Source);

    // Before kernel 5.18 an address bears no protocol number; then only those of placements are recognized.
    private static bool IsOurs(InterfaceAddress address, IReadOnlySet<IPAddress> claimed) =>
        address.Protocol == RouteProtocol.Vprox || (address.PrefixLength == 32 && claimed.Contains(address.Address));
}
