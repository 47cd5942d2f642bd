using Vprox.Netlink;
using Vprox.WireGuard;

namespace Vprox.Bench.Reconciling;

/// <summary>
/// No WireGuard, where a kernel has none and a process for each address would be all that is measured: what it was told it remembers, and its
/// interfaces are real links of another kind, so that addresses, routes, rules and nft are the kernel's as ever. A real one's own time is missing.
/// </summary>
internal sealed class RememberedWireGuard(RouteNetlink route) : IWireGuardClient
{
    private readonly SortedDictionary<string, (Device Device, Dictionary<WireGuardKey, Peer> Peers)> _devices = new(StringComparer.Ordinal);

    public string Backend => "kernel";

    public Task CreateAsync(string name, CancellationToken cancellationToken)
    {
        if (!_devices.ContainsKey(name))
        {
            route.Execute(new AddLink(name, LinkKind.Ifb));
            _devices.Add(name, (new Device { Name = name, ListenPort = 0, FirewallMark = 0, Peers = [] }, []));
        }
        return Task.CompletedTask;
    }

    public Task DeleteAsync(string name, CancellationToken cancellationToken)
    {
        if (_devices.Remove(name))
            route.Execute(new DeleteLink(name));
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<string>> ListAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<string>>([.. _devices.Keys]);

    // Made anew each time, as a dump's parser does.
    public Task<Device?> GetAsync(string name, CancellationToken cancellationToken) => Task.FromResult(
        _devices.TryGetValue(name, out var known) ? known.Device with { Peers = [.. known.Peers.Values.Select(peer => peer with { })] } : null);

    public Task ConfigureAsync(string name, DeviceConfig config, CancellationToken cancellationToken)
    {
        if (!_devices.TryGetValue(name, out var known))
            throw new WireGuardException($"there is no {name}");
        _devices[name] = (known.Device with
        {
            PrivateKey = config.PrivateKey ?? known.Device.PrivateKey,
            ListenPort = config.ListenPort ?? known.Device.ListenPort,
            FirewallMark = config.FirewallMark ?? known.Device.FirewallMark,
        }, known.Peers);
        foreach (var peer in config.Peers)
        {
            if (peer.Remove)
                known.Peers.Remove(peer.PublicKey);
            else if (known.Peers.GetValueOrDefault(peer.PublicKey) is { } there)
                known.Peers[peer.PublicKey] = there with { AllowedIps = peer.ReplaceAllowedIps ? peer.AllowedIps : there.AllowedIps };
            else
                known.Peers.Add(peer.PublicKey, new Peer { PublicKey = peer.PublicKey, Endpoint = peer.Endpoint, AllowedIps = peer.AllowedIps });
        }
        return Task.CompletedTask;
    }

    public void Dispose() => route.Dispose();
}
