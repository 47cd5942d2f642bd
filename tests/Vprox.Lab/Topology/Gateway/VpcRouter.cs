using System.Net;
using Microsoft.Extensions.Hosting;
using Vprox.Addressing;
using Vprox.Lab.Cloud;
using Vprox.Netlink;
using Vprox.Nftables;

namespace Vprox.Lab.Topology.Gateway;

/// <summary>
/// Keeps the gateway's routes and rules as EC2's state says, the effect delay later: traffic follows an address when it has really moved.
/// Runs in the gateway's namespace.
/// </summary>
public sealed class VpcRouter(CloudRegion region) : BackgroundService
{
    // Any number that nothing else on the gateway uses.
    private const byte Protocol = 87;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var route = RouteNetlink.Open();
        using var nft = new Nft();
        string? applied = null;
        while (!stoppingToken.IsCancellationRequested)
        {
            var now = region.Now;
            var path = VpcPath.Of(region.EffectiveAt(now));
            var ruleset = VpcRuleset.Text(path);
            if (ruleset != applied)
            {
                Route(route, path);
                nft.Run(ruleset);
                applied = ruleset;
            }
            await region.WaitAsync(now, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static void Route(RouteNetlink route, VpcPath path)
    {
        var links = route.Links().ToDictionary(link => link.Name, link => link.Index, StringComparer.Ordinal);
        var wanted = new Dictionary<Ipv4Prefix, RouteSpec>();
        foreach (var (address, primary, name) in path.Addresses)
            // An instance that RunInstances made has no host in the lab, hence no link.
            if (links.TryGetValue(name, out var link))
                wanted[Ipv4Prefix.Host(address)] = Spec(address, primary, link);

        var stale = route.Routes(RouteTable.Main, Protocol).Where(old => !wanted.ContainsKey(old.Destination))
            .Select(old => (RouteRequest)new DeleteRoute(new RouteSpec { Destination = old.Destination, Protocol = Protocol }));
        // Primary addresses first: the others go via them.
        route.Execute([.. stale, .. wanted.Values.OrderBy(spec => spec.Gateway is not null).Select(spec => new ReplaceRoute(spec))]);
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
