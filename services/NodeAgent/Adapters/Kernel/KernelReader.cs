using System.Net;
using Vprox.Netlink;
using Vprox.NodeAgent.Core.DataPlane;
using Vprox.Sysctl;
using Vprox.WireGuard;

namespace Vprox.NodeAgent.Adapters.Kernel;

/// <summary>Reads what is ours in the kernel: a dump each of links, addresses, routes and rules, and every interface's peers.</summary>
internal sealed class KernelReader(RouteNetlink route, IWireGuardClient wireGuard, RulesetStore ruleset, TrafficMonitor? traffic = null)
{
    private const int SideBySide = 16;

    private readonly ShapingReader _shaping = new(route, traffic);

    /// <summary>The WireGuard interfaces that <see cref="ReadAsync"/> read last, with what a plan needs not.</summary>
    public IReadOnlyList<Device> Seen { get; private set; } = [];

    /// <summary>Reads it all.</summary>
    /// <param name="desired">Names the settings to read, and the private addresses that are ours whoever put them on an ENI.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public async Task<KernelState> ReadAsync(KernelState desired, CancellationToken cancellationToken)
    {
        var devices = await DevicesAsync(cancellationToken);
        Seen = devices;
        var links = route.Links().ToDictionary(link => link.Index);
        var claimed = desired.Addresses.Select(address => address.Address).ToHashSet();
        var tunnels = devices
            .Join(links.Values, device => device.Name, link => link.Name, Tunnel)
            .ToDictionary(tunnel => tunnel.Name);
        return new KernelState
        {
            Tunnels = tunnels,
            LinksUp = links.Values.Where(link => link.IsUp && desired.LinksUp.Contains(link.Name)).Select(link => link.Name).ToHashSet(),
            Addresses = route.Addresses()
                .Where(address => links.ContainsKey(address.LinkIndex))
                .Where(address => tunnels.ContainsKey(links[address.LinkIndex].Name) || IsOurs(address, claimed))
                .Select(address => new KernelAddress(links[address.LinkIndex].Name, address.Address, address.PrefixLength))
                .ToHashSet(),
            Routes = route.Routes(protocol: RouteProtocol.Vprox)
                .Where(item => item.LinkIndex is null || links.ContainsKey(item.LinkIndex.Value))
                .Select(item => new KernelRoute(
                    item.Table, item.Destination, item.Type, item.Metric,
                    item.LinkIndex is { } index && item.Type == RouteType.Unicast ? links[index].Name : null, item.Gateway, item.Source))
                .ToHashSet(),
            Rules = route.Rules(RouteProtocol.Vprox).Select(rule => rule.ToSpec()).ToHashSet(),
            Sysctls = desired.Sysctls.Keys
                .Select(path => KeyValuePair.Create(path, SysctlFiles.Read(path)))
                .Where(setting => setting.Value is not null)
                .ToDictionary(setting => setting.Key, setting => setting.Value!),
            Ruleset = ruleset.Read(),
            Shaping = _shaping.Read(links, desired.Shaping),
        };
    }

    /// <summary>Our WireGuard interfaces with their peers.</summary>
    public async Task<IReadOnlyList<Device>> DevicesAsync(CancellationToken cancellationToken)
    {
        var devices = new List<Device>();
        // Side by side: with wireguard-go each is a question to another process.
        foreach (var names in (await wireGuard.ListAsync(cancellationToken)).Where(TunnelName.IsOurs).Chunk(SideBySide))
            devices.AddRange((await Task.WhenAll(names.Select(name => wireGuard.GetAsync(name, cancellationToken)))).OfType<Device>());
        return devices;
    }

    // Before kernel 5.18 an address bears no protocol number; then only those of placements are recognized.
    private static bool IsOurs(InterfaceAddress address, HashSet<IPAddress> claimed) =>
        address.Protocol == RouteProtocol.Vprox || (address.PrefixLength == 32 && claimed.Contains(address.Address));

    private static TunnelInterface Tunnel(Device device, Link link) => new()
    {
        Name = device.Name,
        PrivateKey = device.PrivateKey,
        ListenPort = device.ListenPort,
        FirewallMark = device.FirewallMark,
        Mtu = link.Mtu,
        IsUp = link.IsUp,
        Peers = device.Peers.ToDictionary(peer => peer.PublicKey, peer => new KernelPeer
        {
            PublicKey = peer.PublicKey,
            AllowedIps = peer.AllowedIps.ToHashSet(),
            Endpoint = peer.Endpoint,
            KeepsAlive = peer.PersistentKeepalive is not null,
        }),
    };
}
