using System.Net;
using Vprox.NodeAgent.Core.DataPlane;
using Vprox.NodeAgent.Core.DataPlane.Changes;
using Vprox.NodeAgent.Core.DataPlane.Shaping;

namespace Vprox.NodeAgent.Tests.DataPlane;

/// <summary>A kernel on paper: does steps one by one and refuses what the real one refuses.</summary>
internal static class ModelKernel
{
    public static KernelState Apply(KernelState state, KernelChange change) => change switch
    {
        ChangeRuleset firewall => state with { Ruleset = firewall.Transaction.ApplyTo(state.Ruleset) },
        CreateInterface created => WithTunnel(state, new TunnelInterface
        {
            Name = created.Name,
            PrivateKey = null,
            ListenPort = 0,
            FirewallMark = 0,
            Mtu = 1500,
            IsUp = false,
            Peers = new Dictionary<WireGuard.WireGuardKey, KernelPeer>(),
        }),
        ConfigureInterface configured => WithTunnel(state, state.Tunnels[configured.Name] with
        {
            PrivateKey = configured.PrivateKey,
            ListenPort = configured.ListenPort,
            FirewallMark = configured.FirewallMark,
        }),
        SetInterfaceUp up => WithTunnel(state, state.Tunnels[up.Name] with { IsUp = true, Mtu = up.Mtu }),
        SetPeers set => set.Peers.Aggregate(state, (before, peer) => WithTunnel(before, WithPeer(before.Tunnels[set.Name], peer))),
        RemovePeers removed => WithTunnel(state, state.Tunnels[removed.Name] with
        {
            Peers = state.Tunnels[removed.Name].Peers.Where(peer => !removed.Peers.Contains(peer.Key)).ToDictionary(),
        }),
        DeleteInterface deleted => state with
        {
            Tunnels = state.Tunnels.Where(tunnel => tunnel.Key != deleted.Name).ToDictionary(),
            Addresses = state.Addresses.Where(address => address.Link != deleted.Name).ToHashSet(),
            Routes = state.Routes.Where(route => route.Link != deleted.Name).ToHashSet(),
        },
        SetSysctl setting => state with { Sysctls = new Dictionary<string, string>(state.Sysctls) { [setting.Path] = setting.Value } },
        SetLinkUp up => state with { LinksUp = state.LinksUp.Append(up.Name).ToHashSet() },
        PutAddress put => !TunnelName.IsOurs(put.Address.Link) || state.Tunnels.ContainsKey(put.Address.Link)
            ? state with { Addresses = state.Addresses.Append(put.Address).ToHashSet() }
            : throw new InvalidOperationException($"no link for {put.Address}"),
        RemoveAddress removed => WithoutAddress(state, removed.Address),
        PutRoute put => WithRoute(state, put),
        RemoveRoute removed => state with { Routes = state.Routes.Where(route => route != removed.Route).ToHashSet() },
        PutRule put => state with { Rules = state.Rules.Append(put.Rule).ToHashSet() },
        RemoveRule removed => state with { Rules = state.Rules.Where(rule => rule != removed.Rule).ToHashSet() },
        CreateBlock or SetBlockUp or DeleteBlock or PutTraffic or RemoveTraffic => state with { Shaping = ModelTrafficControl.Apply(state.Shaping, change) },
        _ => throw new InvalidOperationException($"{change} is unknown"),
    };

    private static KernelState WithTunnel(KernelState state, TunnelInterface tunnel) =>
        state with { Tunnels = new Dictionary<string, TunnelInterface>(state.Tunnels) { [tunnel.Name] = tunnel } };

    // An allowed IP belongs to one peer: it moves.
    private static TunnelInterface WithPeer(TunnelInterface tunnel, KernelPeer peer)
    {
        var peers = tunnel.Peers.ToDictionary(
            other => other.Key, other => other.Value with { AllowedIps = other.Value.AllowedIps.Except(peer.AllowedIps).ToHashSet() });
        var endpoint = peer.Endpoint ?? peers.GetValueOrDefault(peer.PublicKey)?.Endpoint;
        peers[peer.PublicKey] = peer with { Endpoint = endpoint };
        return tunnel with { Peers = peers };
    }

    private static KernelState WithRoute(KernelState state, PutRoute put)
    {
        if (put.Route.Source is { } source && !IsHere(source, state.Addresses))
            throw new InvalidOperationException($"source of {put.Route} is not an address of the host");
        return state with { Routes = state.Routes.Where(route => route.Key != put.Route.Key).Append(put.Route).ToHashSet() };
    }

    private static bool IsHere(IPAddress source, IEnumerable<KernelAddress> addresses) =>
        DesiredNodes.HostAddresses.Contains(source) || addresses.Any(address => address.Address.Equals(source));

    private static KernelState WithoutAddress(KernelState state, KernelAddress address)
    {
        var left = state.Addresses.Where(other => other != address).ToHashSet();
        return state with
        {
            Addresses = left,
            Routes = state.Routes.Where(route => route.Source is null || IsHere(route.Source, left)).ToHashSet(),
        };
    }
}
