using System.Net;
using Microsoft.Extensions.Hosting;
using Vprox.Addressing;
using Vprox.Lab.Cloud;
using Vprox.Netlink;
using Vprox.Nftables;

namespace Vprox.Lab.Topology.Gateway;

/// <summary>
/// Keeps the gateway's routes and rules as EC2's state says, the effect delay later: traffic follows an address when it has really moved.
/// Runs in the gateway's namespace, and tells the cloud when it has followed.
/// </summary>
public sealed class VpcRouter(CloudRegion region, TimeProvider time) : BackgroundService
{
    // Any number that nothing else on the gateway uses.
    private const byte Protocol = 87;

    /// <summary>An instance that RunInstances made has no link until the lab has built its host: looked for this often.</summary>
    private static readonly TimeSpan LinkInterval = TimeSpan.FromMilliseconds(50);

    private readonly Dictionary<string, int> _links = new(StringComparer.Ordinal);
    private Dictionary<Ipv4Prefix, RouteSpec> _routes = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var route = RouteNetlink.Open();
        using var nft = new Nft();
        nft.Run(VpcRuleset.Rules);
        var applied = VpcPath.None;
        while (!stoppingToken.IsCancellationRequested)
        {
            var now = region.Now;
            var path = VpcPath.Of(region.EffectiveAt(now));
            // Elements first: a packet that comes between the two is late at the old ENI rather than dropped at the new one.
            nft.Run(VpcRuleset.Changes(applied, path));
            var complete = Route(route, path);
            applied = path;
            region.Moves.TookEffect(now - region.Settings.EffectDelay, Moment.Now(time));
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
            patience.CancelAfter(complete ? Timeout.InfiniteTimeSpan : LinkInterval);
            await region.WaitAsync(now, patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <returns>False when an address has no link yet.</returns>
    private bool Route(RouteNetlink route, VpcPath path)
    {
        if (path.Addresses.Any(address => !_links.ContainsKey(address.Link)))
            foreach (var link in route.Links())
                _links[link.Name] = link.Index;

        var wanted = new Dictionary<Ipv4Prefix, RouteSpec>();
        var complete = true;
        foreach (var (address, primary, name) in path.Addresses)
        {
            if (_links.TryGetValue(name, out var link))
                wanted[Ipv4Prefix.Host(address)] = Spec(address, primary, link);
            else
                complete = false;
        }

        var stale = _routes.Keys.Except(wanted.Keys)
            .Select(old => (RouteRequest)new DeleteRoute(new RouteSpec { Destination = old, Protocol = Protocol }));
        var changed = wanted.Where(entry => !_routes.TryGetValue(entry.Key, out var old) || old != entry.Value).Select(entry => entry.Value);
        // Primary addresses first: the others go via them.
        var requests = stale.Concat(changed.OrderBy(spec => spec.Gateway is not null).Select(spec => new ReplaceRoute(spec))).ToList();
        if (requests.Count > 0)
            route.Execute([.. requests]);
        _routes = wanted;
        return complete;
    }

    // Via the primary address, so that the gateway never asks by ARP for an address that the host has not taken up yet.
    private static RouteSpec Spec(IPAddress address, IPAddress primary, int link) => new()
    {
        Destination = Ipv4Prefix.Host(address),
        Protocol = Protocol,
        LinkIndex = link,
        Gateway = address.Equals(primary) ? null : primary,
        OnLink = !address.Equals(primary),
    };
}
