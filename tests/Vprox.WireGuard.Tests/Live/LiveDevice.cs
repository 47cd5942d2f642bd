using Vprox.Addressing;

namespace Vprox.WireGuard.Tests.Live;

/// <summary>An interface on a host, for one test.</summary>
internal sealed class LiveDevice : IAsyncDisposable
{
    private readonly Host _host;

    private LiveDevice(Host host, string name) => (_host, Name) = (host, name);

    public string Name { get; }

    public static async Task<LiveDevice> CreateAsync(Host host, string prefix)
    {
        var device = new LiveDevice(host, host.Interface(prefix));
        await host.Client.CreateAsync(device.Name, CancellationToken.None);
        return device;
    }

    public Task ConfigureAsync(DeviceConfig config) => _host.Client.ConfigureAsync(Name, config, CancellationToken.None);

    public Task ConfigureAsync(params PeerConfig[] peers) => ConfigureAsync(new DeviceConfig { Peers = peers });

    public async Task<Device> GetAsync() =>
        await _host.Client.GetAsync(Name, CancellationToken.None) ?? throw new InvalidOperationException($"{Name} is gone");

    /// <summary>Backends order peers as they like, so a set.</summary>
    public async Task<HashSet<WireGuardKey>> KeysAsync() => [.. (await GetAsync()).Peers.Select(peer => peer.PublicKey)];

    public async Task<Peer> PeerAsync(WireGuardKey key) => (await GetAsync()).Peers.Single(peer => peer.PublicKey == key);

    /// <summary>Sorted, because backends order them as they like.</summary>
    public async Task<IEnumerable<Ipv4Prefix>> AllowedIpsAsync(WireGuardKey key) => (await PeerAsync(key)).AllowedIps.Order();

    public ValueTask DisposeAsync() => new(_host.Client.DeleteAsync(Name, CancellationToken.None));
}
