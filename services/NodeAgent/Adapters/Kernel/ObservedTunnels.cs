using Vprox.Netlink;
using Vprox.NodeAgent.Core.DataPlane;
using Vprox.WireGuard;

namespace Vprox.NodeAgent.Adapters.Kernel;

/// <summary>
/// Our WireGuard interfaces as they were seen last. WireGuard tells nobody when a peer changes, so each is read anew every few rounds, a share of
/// them in each; one that we changed ourselves, or whose link is new, at once.
/// </summary>
internal sealed class ObservedTunnels(IWireGuardClient wireGuard, int readsPeersIn)
{
    private const int SideBySide = 16;

    private readonly Dictionary<string, (int LinkIndex, TunnelInterface Tunnel)> _seen = [];
    private IReadOnlyList<string> _names = [];
    private IReadOnlyDictionary<string, Link>? _links;
    private int _turn;

    /// <summary>By name, as the last call of <see cref="ReadAsync"/> left them; the same object until one is not as it was.</summary>
    public IReadOnlyDictionary<string, TunnelInterface> ByName { get; private set; } = new Dictionary<string, TunnelInterface>();

    /// <summary>Looks which there are.</summary>
    public async Task ListAsync(CancellationToken cancellationToken) =>
        _names = [.. (await wireGuard.ListAsync(cancellationToken)).Where(TunnelName.IsOurs)];

    /// <summary>An interface is not as it was seen last.</summary>
    public void Forget(string name) => _seen.Remove(name);

    /// <summary>Reads those whose turn it is and those not seen yet.</summary>
    public async Task<IReadOnlyList<Device>> ReadAsync(IReadOnlyDictionary<string, Link> links, CancellationToken cancellationToken)
    {
        var turn = _turn++ % readsPeersIn;
        List<string> due = [.. _names.Where((name, index) =>
            index % readsPeersIn == turn || !_seen.TryGetValue(name, out var seen) || !links.TryGetValue(name, out var link) || link.Index != seen.LinkIndex)];
        var before = due.Where(_seen.ContainsKey).ToDictionary(name => name, name => _seen[name]);
        foreach (var name in due)
            _seen.Remove(name);
        var devices = await DevicesAsync(wireGuard, due, cancellationToken);
        foreach (var device in devices)
            if (links.TryGetValue(device.Name, out var link))
                _seen[device.Name] = (link.Index, Tunnel(device, before.GetValueOrDefault(device.Name).Tunnel));
        foreach (var gone in _seen.Keys.Except(_names).ToList())
            _seen.Remove(gone);
        // Those that were not due are as they were.
        if (!ReferenceEquals(links, _links) || before.Count != due.Count || before.Any(was => !_seen.TryGetValue(was.Key, out var now) || !ReferenceEquals(was.Value.Tunnel, now.Tunnel)))
            ByName = _seen.Where(seen => links.ContainsKey(seen.Key))
                .ToDictionary(seen => seen.Key, seen => seen.Value.Tunnel with { Mtu = links[seen.Key].Mtu, IsUp = links[seen.Key].IsUp });
        _links = links;
        return devices;
    }

    /// <summary>Interfaces with their peers; those that are gone are left out.</summary>
    public static async Task<IReadOnlyList<Device>> DevicesAsync(IWireGuardClient wireGuard, IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        var devices = new List<Device>();
        // Side by side: with wireguard-go each is a question to another process.
        foreach (var some in names.Chunk(SideBySide))
            devices.AddRange((await Task.WhenAll(some.Select(name => wireGuard.GetAsync(name, cancellationToken)))).OfType<Device>());
        return devices;
    }

    // Most are as they were: thousands of new objects each second would be the larger part of the work.
    private static TunnelInterface Tunnel(Device device, TunnelInterface? before) => before is not null && IsAsBefore(device, before)
        ? before
        : new TunnelInterface
        {
            Name = device.Name,
            PrivateKey = device.PrivateKey,
            ListenPort = device.ListenPort,
            FirewallMark = device.FirewallMark,
            Mtu = 0,
            IsUp = false,
            Peers = device.Peers.ToDictionary(peer => peer.PublicKey, peer => Peer(peer, before?.Peers.GetValueOrDefault(peer.PublicKey))),
        };

    private static bool IsAsBefore(Device device, TunnelInterface before)
    {
        if (device.ListenPort != before.ListenPort || device.FirewallMark != before.FirewallMark || !Equals(device.PrivateKey, before.PrivateKey)
            || device.Peers.Count != before.Peers.Count)
            return false;
        foreach (var peer in device.Peers)
            if (!before.Peers.TryGetValue(peer.PublicKey, out var there) || !IsAsBefore(peer, there))
                return false;
        return true;
    }

    private static bool IsAsBefore(Peer peer, KernelPeer before)
    {
        if (before.KeepsAlive != (peer.PersistentKeepalive is not null) || !Equals(before.Endpoint, peer.Endpoint) || before.AllowedIps.Count != peer.AllowedIps.Count)
            return false;
        // WireGuard lists each once.
        foreach (var allowed in peer.AllowedIps)
            if (!before.AllowedIps.Contains(allowed))
                return false;
        return true;
    }

    private static KernelPeer Peer(Peer peer, KernelPeer? before) => before is not null && IsAsBefore(peer, before)
        ? before
        : new KernelPeer
        {
            PublicKey = peer.PublicKey,
            AllowedIps = peer.AllowedIps.ToHashSet(),
            Endpoint = peer.Endpoint,
            KeepsAlive = peer.PersistentKeepalive is not null,
        };
}
