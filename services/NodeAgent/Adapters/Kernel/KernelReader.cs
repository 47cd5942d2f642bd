using Vprox.Netlink;
using Vprox.NodeAgent.Core.DataPlane;
using Vprox.Sysctl;
using Vprox.WireGuard;

namespace Vprox.NodeAgent.Adapters.Kernel;

/// <summary>
/// Reads what is ours in the kernel, and of that only what can have changed since: of nft tables, links, addresses, routes, rules and traffic control the kernel says so;
/// interfaces' peers and settings, of which it does not, are read in turns.
/// </summary>
internal sealed class KernelReader(
    RouteNetlink route, IWireGuardClient wireGuard, RulesetStore ruleset, RouteMonitor monitor, int readsPeersIn, TimeProvider time, TrafficMonitor? traffic = null)
{
    private readonly ObservedRouting _routing = new(route, monitor, time);
    private readonly ObservedTunnels _tunnels = new(wireGuard, readsPeersIn);
    private readonly Dictionary<string, string> _settings = [];
    private KernelState? _settingsOf;
    private int _turn;

    private readonly ShapingReader _shaping = new(route, traffic);

    /// <summary>The WireGuard interfaces that <see cref="ReadAsync"/> read last, with what a plan needs not.</summary>
    public IReadOnlyList<Device> Seen { get; private set; } = [];

    /// <summary>Reads it.</summary>
    /// <param name="desired">Names the settings to read, and the private addresses that are ours whoever put them on an ENI.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public async Task<KernelState> ReadAsync(KernelState desired, CancellationToken cancellationToken)
    {
        if (_routing.Read().HasFlag(RouteChanges.Links))
        {
            await _tunnels.ListAsync(cancellationToken);
            // A link that was made again has settings of its own.
            ForgetSettings();
        }
        Seen = await _tunnels.ReadAsync(_routing.Links, cancellationToken);
        ReadSettings(desired);
        return new KernelState
        {
            Tunnels = _tunnels.ByName,
            LinksUp = desired.LinksUp.Where(name => _routing.Links.GetValueOrDefault(name) is { IsUp: true }).ToHashSet(),
            Addresses = _routing.Addresses(_tunnels.ByName, desired.Addresses.Select(address => address.Address).ToHashSet()),
            Routes = _routing.Routes,
            Rules = _routing.Rules,
            Sysctls = new Dictionary<string, string>(_settings),
            Ruleset = ruleset.Read(),
            Shaping = _shaping.Read(_routing.LinksByIndex, desired.Shaping),
        };
    }

    /// <summary>An interface is not as it was read last.</summary>
    public void Forget(string name) => _tunnels.Forget(name);

    /// <summary>All settings are to be read again: some are written.</summary>
    public void ForgetSettings() => _settingsOf = null;

    /// <summary>All our WireGuard interfaces with their peers.</summary>
    public async Task<IReadOnlyList<Device>> DevicesAsync(CancellationToken cancellationToken) =>
        await ObservedTunnels.DevicesAsync(wireGuard, [.. (await wireGuard.ListAsync(cancellationToken)).Where(TunnelName.IsOurs)], cancellationToken);

    private void ReadSettings(KernelState desired)
    {
        var turn = _turn++ % readsPeersIn;
        var all = !ReferenceEquals(_settingsOf, desired);
        if (all)
            _settings.Clear();
        foreach (var path in desired.Sysctls.Keys.Where((_, index) => all || index % readsPeersIn == turn))
        {
            _settings.Remove(path);
            if (SysctlFiles.Read(path) is { } value)
                _settings.Add(path, value);
        }
        _settingsOf = desired;
    }
}
