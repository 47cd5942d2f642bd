using System.Net;
using Vprox.Netlink;
using Vprox.NodeAgent.Core.DataPlane;

namespace Vprox.NodeAgent.Adapters.Kernel;

/// <summary>Links, addresses, routes and rules in a plan's terms. What the kernel does not tell of is read anew once a minute in any case.</summary>
internal sealed class ObservedRouting(RouteNetlink route, RouteMonitor monitor, TimeProvider time)
{
    private static readonly TimeSpan LongestTrust = TimeSpan.FromMinutes(1);

    private readonly RoutingView _view = new(route, monitor, RouteProtocol.Vprox);

    // Private addresses that were desired and may still be on the host.
    private readonly HashSet<IPAddress> _placed = [];
    private long? _readAt;

    /// <summary>All links by name, foreign ones too.</summary>
    public IReadOnlyDictionary<string, Link> Links { get; private set; } = new Dictionary<string, Link>();

    /// <summary>The same by index.</summary>
    public IReadOnlyDictionary<int, Link> LinksByIndex { get; private set; } = new Dictionary<int, Link>();

    /// <summary>Our rules.</summary>
    public IReadOnlySet<RuleSpec> Rules { get; private set; } = new HashSet<RuleSpec>();

    /// <summary>Our routes.</summary>
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
            Routes = _view.Routes.Where(item => DesiredKernel.IsOurs(item.Table)).Where(item => item.LinkIndex is null || LinksByIndex.ContainsKey(item.LinkIndex.Value)).Select(InPlansTerms).ToHashSet();
        if (changed.HasFlag(RouteChanges.Rules))
            Rules = _view.Rules.Select(rule => rule.ToSpec()).Where(DesiredKernel.IsOurs).ToHashSet();
        return changed;
    }

    /// <summary>
    /// The addresses that are ours: those on our tunnels, those of placements that are or were here, and on ENIs those that bear our protocol number. Elsewhere
    /// that number is a worker agent's or a client's.
    /// </summary>
    public IReadOnlySet<KernelAddress> Addresses(IReadOnlyDictionary<string, TunnelInterface> tunnels, KernelState desired)
    {
        var wanted = desired.Addresses.Select(address => address.Address).ToHashSet();
        var placed = Rules.Where(rule => rule.From.Length == 32).Select(rule => rule.From.Network).ToHashSet();
        _placed.UnionWith(wanted);
        var ours = new HashSet<KernelAddress>();
        foreach (var item in _view.Addresses.Where(item => LinksByIndex.ContainsKey(item.LinkIndex)))
        {
            var link = LinksByIndex[item.LinkIndex].Name;
            // Before kernel 5.18 an address bears no protocol number. Of one without it a rule tells nothing: the address may be the host's as well.
            if (tunnels.ContainsKey(link)
                || (item.PrefixLength == 32 && _placed.Contains(item.Address))
                || (item.Protocol == RouteProtocol.Vprox && (desired.LinksUp.Contains(link) || placed.Contains(item.Address))))
                ours.Add(new KernelAddress(link, item.Address, item.PrefixLength));
        }
        _placed.IntersectWith([.. wanted, .. ours.Select(address => address.Address)]);
        return ours;
    }

    private KernelRoute InPlansTerms(Netlink.Route item) => new(
        item.Table, item.Destination, item.Type, item.Metric,
        item.LinkIndex is { } index && item.Type == RouteType.Unicast ? LinksByIndex[index].Name : null, item.Gateway, item.Source);
}
