using System.Collections.Concurrent;
using Vprox.Netlink;
using Vprox.NodeAgent.Core.DataPlane;
using Vprox.NodeAgent.Core.DataPlane.Changes;
using Vprox.Sysctl;
using Vprox.WireGuard;

namespace Vprox.NodeAgent.Adapters.Kernel;

/// <summary>
/// Carries out plans. A refused firewall stops everything, for nothing may stand without it; any other refused step leaves the rest to go on, so
/// that one address does not hold up the others.
/// </summary>
internal sealed class KernelWriter(RouteNetlink route, IWireGuardClient wireGuard, RulesetStore ruleset)
{
    // Long enough not to be sent twice, and turned off at once.
    private static readonly TimeSpan HandshakeKeepalive = TimeSpan.FromSeconds(25);

    private const int SideBySide = 4;
    private const int LargestBatch = 256;

    /// <summary>Carries out a plan in order.</summary>
    /// <param name="plan">The steps.</param>
    /// <param name="betweenSteps">Called between two steps, when others may use the kernel.</param>
    /// <param name="cancellationToken">Ends it between two steps.</param>
    /// <returns>The steps that the kernel refused.</returns>
    /// <exception cref="Nftables.NftException">nft refused the firewall; no later step was tried.</exception>
    public async Task<IReadOnlyList<KernelRefusal>> ApplyAsync(IReadOnlyList<KernelChange> plan, Func<Task> betweenSteps, CancellationToken cancellationToken)
    {
        var refused = new ConcurrentQueue<KernelRefusal>();
        for (var i = 0; i < plan.Count;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var batch = BatchAt(plan, i);
            if (RoutingRequest.IsOne(batch[0]))
                ApplyRouting(batch, refused);
            else
                // Begun on this thread, whose network namespace is meant (network_namespaces(7)).
                await Task.WhenAll(batch.Select(change => ApplyAsync(change, refused, cancellationToken)));
            i += batch.Count;
            await betweenSteps();
        }
        return [.. refused];
    }

    // Steps of one kind on different interfaces are done side by side: a wireguard-go takes 20 ms to start, and more of them than this only starve each other.
    private static List<KernelChange> BatchAt(IReadOnlyList<KernelChange> plan, int start)
    {
        var first = plan[start];
        return RoutingRequest.IsOne(first)
            ? [.. plan.Skip(start).TakeWhile(change => RoutingRequest.IsOne(change) && (change is CreateBlock) == (first is CreateBlock)).Take(LargestBatch)]
            : first is ChangeRuleset ? [first]
            : [.. plan.Skip(start).TakeWhile(change => change.GetType() == first.GetType()).Take(SideBySide)];
    }

    private async Task ApplyAsync(KernelChange change, ConcurrentQueue<KernelRefusal> refused, CancellationToken cancellationToken)
    {
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
            refused.Enqueue(new KernelRefusal(change, e.Message));
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

    /// <summary>
    /// Sends an initiation to each peer. Turning keepalives on sends one, for which WireGuard needs a handshake (set_peer,
    /// drivers/net/wireguard/netlink.c). Left on, they would keep idle peers alive.
    /// </summary>
    public async Task StartHandshakesAsync(string name, IReadOnlyList<KernelPeer> peers, bool anew, CancellationToken cancellationToken)
    {
        if (peers.Count == 0)
            return;
        if (anew)
            await wireGuard.ConfigureAsync(name, Removal([.. peers.Select(peer => peer.PublicKey)]), cancellationToken);
        var begin = peers.Select(peer => anew ? Config(peer) with { PersistentKeepalive = HandshakeKeepalive } : Waking(peer, HandshakeKeepalive));
        await wireGuard.ConfigureAsync(name, new DeviceConfig { Peers = [.. begin] }, cancellationToken);
        await wireGuard.ConfigureAsync(name, new DeviceConfig { Peers = [.. peers.Select(peer => Waking(peer, TimeSpan.Zero))] }, cancellationToken);
    }

    private static PeerConfig Waking(KernelPeer peer, TimeSpan keepalive) =>
        new() { PublicKey = peer.PublicKey, UpdateOnly = true, Endpoint = peer.Endpoint, PersistentKeepalive = keepalive };

    private void ApplyRouting(List<KernelChange> changes, ConcurrentQueue<KernelRefusal> refused)
    {
        var links = route.Links().ToDictionary(link => link.Name, link => link.Index);
        var requests = new List<(KernelChange Change, RoutingRequest Request)>();
        foreach (var change in changes)
        {
            if (RoutingRequest.LinksOf(change).FirstOrDefault(name => !links.ContainsKey(name)) is { } missing)
                refused.Enqueue(new KernelRefusal(change, $"{change}: there is no link {missing}"));
            else
                requests.Add((change, RoutingRequest.For(change, links)));
        }
        var errors = route.TryExecute([.. requests.Select(item => item.Request.Request)]);
        for (var i = 0; i < errors.Count; i++)
        {
            if (errors[i] is { } error && error.Errno != requests[i].Request.AlreadyDone)
                refused.Enqueue(new KernelRefusal(requests[i].Change, new NetlinkException(error).Message));
        }
    }
}
