using Vprox.NodeAgent.Core.DataPlane.Changes;
using Vprox.NodeAgent.Core.DataPlane.Ruleset;

namespace Vprox.NodeAgent.Core.DataPlane;

/// <summary>
/// The steps from what the kernel holds to what it shall hold. First the firewall, then what it guards, then what goes; a tunnel is complete
/// before its address arrives. A plan that is cut off anywhere leaves a state from which the next one goes on.
/// </summary>
public static class KernelPlan
{
    /// <summary>Makes the plan; empty when nothing is to do.</summary>
    public static IReadOnlyList<KernelChange> Between(KernelState desired, KernelState actual)
    {
        var ruleset = NftDifference.Between(desired.Ruleset, actual.Ruleset);
        return
        [
            .. Transaction(ruleset.Additions),
            .. Interfaces(desired, actual),
            .. Sysctls(desired, actual),
            .. Routing(desired, actual),
            .. Removals(desired, actual),
            .. Transaction(ruleset.Removals),
        ];
    }

    private static IEnumerable<KernelChange> Transaction(NftTransaction transaction) =>
        transaction.IsEmpty ? [] : [new ChangeRuleset(transaction)];

    private static IEnumerable<KernelChange> Interfaces(KernelState desired, KernelState actual)
    {
        foreach (var tunnel in desired.Tunnels.Values)
        {
            var there = actual.Tunnels.GetValueOrDefault(tunnel.Name);
            if (there is null)
                yield return new CreateInterface(tunnel.Name);
            if (there is null || !tunnel.PrivateKey!.Equals(there.PrivateKey) || tunnel.ListenPort != there.ListenPort || tunnel.FirewallMark != there.FirewallMark)
                yield return new ConfigureInterface(tunnel.Name, tunnel.PrivateKey!, tunnel.ListenPort, tunnel.FirewallMark);
            var peers = tunnel.Peers.Values.Where(peer => NeedsSetting(peer, there?.Peers.GetValueOrDefault(peer.PublicKey))).ToList();
            if (peers.Count > 0)
                yield return new SetPeers(tunnel.Name, [.. peers.Select(peer => there?.Peers.ContainsKey(peer.PublicKey) == true ? peer with { Endpoint = null } : peer)]);
            foreach (var route in desired.Routes.Where(route => route.Table == tunnel.ListenPort && route.Source is null))
            {
                foreach (var change in Put(route, actual))
                    yield return change;
            }
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

    // A route's source must be an address of the host (fib_valid_prefsrc, net/ipv4/fib_semantics.c): rules, then addresses, then routes.
    private static IEnumerable<KernelChange> Routing(KernelState desired, KernelState actual)
    {
        var addresses = desired.Addresses.Where(address => !actual.Addresses.Contains(address)).ToList();
        foreach (var rule in desired.Rules.Where(rule => !actual.Rules.Contains(rule)))
            yield return new PutRule(rule);
        foreach (var address in addresses)
            yield return new PutAddress(address);
        foreach (var change in desired.Routes.Where(route => route.Source is not null).SelectMany(route => Put(route, actual)))
            yield return change;

        var arrived = addresses.Select(address => address.Address).ToHashSet();
        var tables = desired.Routes.Where(route => route.Source is not null && arrived.Contains(route.Source)).Select(route => route.Table).ToHashSet();
        foreach (var tunnel in desired.Tunnels.Values.Where(tunnel => tables.Contains((uint)tunnel.ListenPort)))
        {
            var known = tunnel.Peers.Values.Where(peer => peer.Endpoint is not null).Select(peer => peer.PublicKey).ToList();
            if (known.Count > 0)
                yield return new StartHandshakes(tunnel.Name, known);
        }
    }

    private static IEnumerable<KernelChange> Put(KernelRoute route, KernelState actual)
    {
        if (!actual.Routes.Contains(route))
            yield return new PutRoute(route, actual.Routes.Any(there => there.Key == route.Key));
    }

    private static IEnumerable<KernelChange> Removals(KernelState desired, KernelState actual)
    {
        foreach (var tunnel in desired.Tunnels.Values)
        {
            var surplus = actual.Tunnels.GetValueOrDefault(tunnel.Name)?.Peers.Keys.Where(key => !tunnel.Peers.ContainsKey(key)).ToList() ?? [];
            if (surplus.Count > 0)
                yield return new RemovePeers(tunnel.Name, surplus);
        }
        foreach (var name in actual.Tunnels.Keys.Where(name => !desired.Tunnels.ContainsKey(name)))
            yield return new DeleteInterface(name);
        var kept = desired.Routes.Select(route => route.Key).ToHashSet();
        foreach (var route in actual.Routes.Where(route => !kept.Contains(route.Key)))
            yield return new RemoveRoute(route);
        // A deleted interface takes its addresses along.
        foreach (var address in actual.Addresses.Where(address => !desired.Addresses.Contains(address)))
        {
            if (!actual.Tunnels.ContainsKey(address.Link) || desired.Tunnels.ContainsKey(address.Link))
                yield return new RemoveAddress(address);
        }
        foreach (var rule in actual.Rules.Where(rule => !desired.Rules.Contains(rule)))
            yield return new RemoveRule(rule);
    }
}
