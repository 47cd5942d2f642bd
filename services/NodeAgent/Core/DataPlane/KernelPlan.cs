using Vprox.NodeAgent.Core.DataPlane.Changes;
using Vprox.NodeAgent.Core.DataPlane.Ruleset;
using Vprox.NodeAgent.Core.DataPlane.Shaping;

namespace Vprox.NodeAgent.Core.DataPlane;

/// <summary>
/// The steps from what the kernel holds to what it shall hold. First the firewall, then addresses that the node has lost, then what is to come, then what
/// else goes; a tunnel is complete before its address arrives. A plan that is cut off anywhere leaves a state from which the next one goes on.
/// </summary>
public static class KernelPlan
{
    /// <summary>Makes the plan; empty when nothing is to do.</summary>
    public static IReadOnlyList<KernelChange> Between(KernelState desired, KernelState actual)
    {
        var ruleset = NftDifference.Between(desired.Ruleset, actual.Ruleset);
        var lost = Lost(desired, actual).ToList();
        var left = lost.Count == 0 ? actual : Without(actual, lost);
        return
        [
            .. Transaction(ruleset.Additions),
            .. lost,
            .. Interfaces(desired, actual),
            .. Sysctls(desired, actual),
            .. ShapingPlan.Additions(desired.Shaping, actual.Shaping),
            .. Routing(desired, actual),
            .. Removals(desired, left),
            .. Transaction(ruleset.Removals),
            .. ShapingPlan.Removals(desired.Shaping, actual.Shaping),
        ];
    }

    private static IEnumerable<KernelChange> Transaction(NftTransaction transaction) =>
        transaction.IsEmpty ? [] : [new ChangeRuleset(transaction)];

    // EC2 has given it to another node: two hosts answer for it until it is gone here, and new interfaces take seconds.
    private static IEnumerable<KernelChange> Lost(KernelState desired, KernelState actual)
    {
        var kept = desired.Addresses.Select(address => address.Address).Concat(desired.Routes.Select(route => route.Source)).ToHashSet();
        var lost = actual.Addresses.Where(address => !actual.Tunnels.ContainsKey(address.Link) && !kept.Contains(address.Address)).ToList();
        var sources = lost.Select(address => address.Address).ToHashSet();
        foreach (var route in actual.Routes.Where(route => route.Source is { } source && sources.Contains(source)))
            yield return new RemoveRoute(route);
        foreach (var address in lost)
            yield return new RemoveAddress(address);
    }

    private static KernelState Without(KernelState actual, List<KernelChange> lost) => actual with
    {
        Addresses = actual.Addresses.Except(lost.OfType<RemoveAddress>().Select(change => change.Address)).ToHashSet(),
        Routes = actual.Routes.Except(lost.OfType<RemoveRoute>().Select(change => change.Route)).ToHashSet(),
    };

    // Stage by stage, not tunnel by tunnel: interfaces are made side by side, and routes and flags go in few messages.
    private static IEnumerable<KernelChange> Interfaces(KernelState desired, KernelState actual)
    {
        foreach (var name in desired.Tunnels.Keys.Where(name => !actual.Tunnels.ContainsKey(name)))
            yield return new CreateInterface(name);
        foreach (var tunnel in desired.Tunnels.Values)
        {
            var there = actual.Tunnels.GetValueOrDefault(tunnel.Name);
            if (there is null || !tunnel.PrivateKey!.Equals(there.PrivateKey) || tunnel.ListenPort != there.ListenPort || tunnel.FirewallMark != there.FirewallMark)
                yield return new ConfigureInterface(tunnel.Name, tunnel.PrivateKey!, tunnel.ListenPort, tunnel.FirewallMark);
            var peers = tunnel.Peers.Values.Where(peer => NeedsSetting(peer, there?.Peers.GetValueOrDefault(peer.PublicKey))).ToList();
            if (peers.Count > 0)
                yield return new SetPeers(tunnel.Name, [.. peers.Select(peer => there?.Peers.ContainsKey(peer.PublicKey) == true ? peer with { Endpoint = null } : peer)]);
        }
        foreach (var route in desired.Routes.Where(route => route.Source is null && !actual.Routes.Contains(route)))
            yield return new PutRoute(route);
        foreach (var tunnel in desired.Tunnels.Values)
        {
            var there = actual.Tunnels.GetValueOrDefault(tunnel.Name);
            if (there is null || !there.IsUp || there.Mtu != tunnel.Mtu)
                yield return new SetInterfaceUp(tunnel.Name, tunnel.Mtu);
        }
    }

    private static bool NeedsSetting(KernelPeer wanted, KernelPeer? there) =>
        there is null || there.KeepsAlive || !wanted.AllowedIps.SetEquals(there.AllowedIps);

    private static IEnumerable<KernelChange> Sysctls(KernelState desired, KernelState actual) =>
        from setting in desired.Sysctls
        let before = actual.Sysctls.GetValueOrDefault(setting.Key)
        where before != setting.Value
        select new SetSysctl(setting.Key, setting.Value, before);

    // Only a link that is up takes a route. A route's source must be an address of the host (fib_valid_prefsrc, net/ipv4/fib_semantics.c): rules, then addresses, then routes.
    private static IEnumerable<KernelChange> Routing(KernelState desired, KernelState actual)
    {
        foreach (var link in desired.LinksUp.Except(actual.LinksUp).Order(StringComparer.Ordinal))
            yield return new SetLinkUp(link);
        foreach (var rule in desired.Rules.Where(rule => !actual.Rules.Contains(rule)))
            yield return new PutRule(rule);
        foreach (var address in desired.Addresses.Where(address => !actual.Addresses.Contains(address)))
            yield return new PutAddress(address);
        foreach (var route in desired.Routes.Where(route => route.Source is not null && !actual.Routes.Contains(route)))
            yield return new PutRoute(route);
    }

    // What is on the ENI first: an address that is another ENI's by now must be gone before anything that takes time. The closing route outlives its tunnel.
    private static IEnumerable<KernelChange> Removals(KernelState desired, KernelState actual)
    {
        var kept = desired.Routes.Select(route => route.Key).ToHashSet();
        var surplusRoutes = actual.Routes.Where(route => !kept.Contains(route.Key)).ToLookup(route => route.Source is not null);
        foreach (var route in surplusRoutes[true])
            yield return new RemoveRoute(route);
        // A deleted interface takes its addresses along.
        foreach (var address in actual.Addresses.Where(address => !desired.Addresses.Contains(address)))
        {
            if (!actual.Tunnels.ContainsKey(address.Link) || desired.Tunnels.ContainsKey(address.Link))
                yield return new RemoveAddress(address);
        }
        foreach (var tunnel in desired.Tunnels.Values)
        {
            var surplus = actual.Tunnels.GetValueOrDefault(tunnel.Name)?.Peers.Keys.Where(key => !tunnel.Peers.ContainsKey(key)).ToList() ?? [];
            if (surplus.Count > 0)
                yield return new RemovePeers(tunnel.Name, surplus);
        }
        foreach (var name in actual.Tunnels.Keys.Where(name => !desired.Tunnels.ContainsKey(name)))
            yield return new DeleteInterface(name);
        foreach (var route in surplusRoutes[false])
            yield return new RemoveRoute(route);
        foreach (var rule in actual.Rules.Where(rule => !desired.Rules.Contains(rule)))
            yield return new RemoveRule(rule);
    }
}
