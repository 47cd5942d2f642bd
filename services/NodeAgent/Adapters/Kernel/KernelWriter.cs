using Vprox.Netlink;
using Vprox.NodeAgent.Core.DataPlane;
using Vprox.NodeAgent.Core.DataPlane.Changes;
using Vprox.WireGuard;

namespace Vprox.NodeAgent.Adapters.Kernel;

/// <summary>
/// Carries out plans. A refused firewall stops everything, for nothing may stand without it; any other refused step leaves the rest to go on, so
/// that one address does not hold up the others, and is told at the end.
/// </summary>
internal sealed class KernelWriter(RouteNetlink route, IWireGuardClient wireGuard, RulesetStore ruleset)
{
    // Long enough not to be sent twice, and turned off at once.
    private static readonly TimeSpan HandshakeKeepalive = TimeSpan.FromSeconds(25);

    /// <summary>Carries out a plan in order.</summary>
    /// <exception cref="KernelRefusedException">The kernel refused steps.</exception>
    /// <exception cref="Nftables.NftException">nft refused the firewall; no later step was tried.</exception>
    public async Task ApplyAsync(IReadOnlyList<KernelChange> plan, CancellationToken cancellationToken)
    {
        var refused = new List<Exception>();
        for (var i = 0; i < plan.Count;)
        {
            var batch = plan.Skip(i).TakeWhile(change => RoutingRequest.IsOne(change)).ToList();
            if (batch.Count > 0)
                ApplyRouting(batch, refused);
            else
                await ApplyAsync(plan[i], refused, cancellationToken);
            i += Math.Max(1, batch.Count);
        }
        if (refused.Count > 0)
            throw new KernelRefusedException(refused, plan.Count);
    }

    private async Task ApplyAsync(KernelChange change, List<Exception> refused, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            switch (change)
            {
                case ChangeRuleset firewall:
                    ruleset.Apply(firewall.Transaction);
                    break;
                case CreateInterface created:
                    await wireGuard.CreateAsync(created.Name, cancellationToken);
                    break;
                case ConfigureInterface configured:
                    var identity = new DeviceConfig { PrivateKey = configured.PrivateKey, ListenPort = configured.ListenPort, FirewallMark = configured.FirewallMark };
                    await wireGuard.ConfigureAsync(configured.Name, identity, cancellationToken);
                    break;
                case SetPeers set:
                    await wireGuard.ConfigureAsync(set.Name, new DeviceConfig { Peers = [.. set.Peers.Select(Config)] }, cancellationToken);
                    break;
                case StartHandshakes started:
                    await StartHandshakesAsync(started, cancellationToken);
                    break;
                case RemovePeers removed:
                    await wireGuard.ConfigureAsync(removed.Name, Removal(removed.Peers), cancellationToken);
                    break;
                case DeleteInterface deleted:
                    await wireGuard.DeleteAsync(deleted.Name, cancellationToken);
                    break;
                case SetSysctl setting:
                    SysctlFiles.Write(setting.Path, setting.Value);
                    break;
                default:
                    throw new InvalidOperationException($"no step is known as {change.GetType().Name}");
            }
        }
        catch (Exception e) when (e is WireGuardException or IOException or UnauthorizedAccessException)
        {
            refused.Add(e);
        }
    }

    /// <summary>A peer as requested: its inner addresses, all of them, and its endpoint where one is said.</summary>
    public static PeerConfig Config(KernelPeer peer) => new()
    {
        PublicKey = peer.PublicKey,
        Endpoint = peer.Endpoint,
        PersistentKeepalive = TimeSpan.Zero,
        ReplaceAllowedIps = true,
        AllowedIps = [.. peer.AllowedIps],
    };

    /// <summary>The removal of peers.</summary>
    public static DeviceConfig Removal(IReadOnlyList<WireGuardKey> peers) =>
        new() { Peers = [.. peers.Select(key => new PeerConfig { PublicKey = key, Remove = true })] };

    // Turning keepalives on sends one, for which WireGuard needs a handshake and tries until it has one (set_peer,
    // drivers/net/wireguard/netlink.c). Left on, they would keep idle peers alive.
    private async Task StartHandshakesAsync(StartHandshakes change, CancellationToken cancellationToken)
    {
        foreach (var keepalive in (TimeSpan[])[HandshakeKeepalive, TimeSpan.Zero])
        {
            var peers = change.Peers.Select(key => new PeerConfig { PublicKey = key, UpdateOnly = true, PersistentKeepalive = keepalive });
            await wireGuard.ConfigureAsync(change.Name, new DeviceConfig { Peers = [.. peers] }, cancellationToken);
        }
    }

    private void ApplyRouting(List<KernelChange> changes, List<Exception> refused)
    {
        var links = route.Links().ToDictionary(link => link.Name, link => link.Index);
        var requests = new List<RoutingRequest>();
        foreach (var change in changes)
        {
            if (RoutingRequest.LinkOf(change) is { } name && !links.ContainsKey(name))
                refused.Add(new IOException($"{change}: there is no link {name}"));
            else
                requests.Add(RoutingRequest.For(change, links));
        }
        var errors = route.TryExecute([.. requests.Select(request => request.Request)]);
        for (var i = 0; i < errors.Count; i++)
        {
            if (errors[i] is { } error && error.Errno != requests[i].AlreadyDone)
                refused.Add(new NetlinkException(error));
        }
    }
}
