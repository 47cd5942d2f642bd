using Vprox.Netlink;
using Vprox.NodeAgent.Core.DataPlane;
using Vprox.Sysctl;
using Vprox.WireGuard;

namespace Vprox.NodeAgent.Adapters.Kernel;

/// <summary>
/// Reads what is ours in the kernel, and of that only what can have changed since: of nft tables, links, addresses, routes, rules, traffic control and rp_filter the
/// kernel says so; interfaces' peers and the other settings, of which it does not, are read in turns.
/// </summary>
internal sealed class KernelReader(
    RouteNetlink route, IWireGuardClient wireGuard, RulesetStore ruleset, RouteMonitor monitor, int readsPeersIn, TimeProvider time,
    ChangeMonitor? traffic = null, ChangeMonitor? linkSettings = null)
{
    private readonly ObservedRouting _routing = new(route, monitor, time);
    private readonly ObservedTunnels _tunnels = new(wireGuard, readsPeersIn);
    private Dictionary<string, string> _settings = [];
    private KernelState? _settingsOf;
    private ILookup<bool, string> _paths = Array.Empty<string>().ToLookup(IsTold);
    private KernelState? _desired;
    private KernelState? _last;
    private int _turn;

    private readonly ShapingReader _shaping = new(route, traffic);

    /// <summary>The WireGuard interfaces that <see cref="ReadAsync"/> read last, with what a plan needs not.</summary>
    public IReadOnlyList<Device> Seen { get; private set; } = [];

    /// <summary>Reads it.</summary>
    /// <param name="desired">Names the settings to read, the ENIs, and the private addresses that are ours whoever put them there.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>The same object as the last time when it was asked for the same and found the same: nobody need compare again.</returns>
    public async Task<KernelState> ReadAsync(KernelState desired, CancellationToken cancellationToken)
    {
        // Forgotten until this has come to its end: a reading that fails in the middle has seen some changes already.
        var last = ReferenceEquals(desired, _desired) ? _last : null;
        _last = null;
        var changed = _routing.Read();
        if (changed.HasFlag(RouteChanges.Links))
        {
            await _tunnels.ListAsync(cancellationToken);
            // A link that was made again has settings of its own.
            ForgetSettings();
        }
        Seen = await _tunnels.ReadAsync(_routing.Links, cancellationToken);
        ReadSettings(desired);
        var table = ruleset.Read();
        var shaping = _shaping.Read(_routing.LinksByIndex, desired.Shaping);
        _desired = desired;
        if (last is not null && changed == RouteChanges.None && ReferenceEquals(last.Tunnels, _tunnels.ByName) && ReferenceEquals(last.Sysctls, _settings)
            && ReferenceEquals(last.Ruleset, table) && ReferenceEquals(last.Shaping, shaping))
            return _last = last;
        return _last = new KernelState
        {
            Tunnels = _tunnels.ByName,
            LinksUp = desired.LinksUp.Where(name => _routing.Links.GetValueOrDefault(name) is { IsUp: true }).ToHashSet(),
            Addresses = _routing.Addresses(_tunnels.ByName, desired),
            Routes = _routing.Routes,
            Rules = _routing.Rules,
            Sysctls = _settings,
            Ruleset = table,
            Shaping = shaping,
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
        // What changes while it is read is told at the next call.
        var told = linkSettings?.HasChanged() ?? true;
        var all = !ReferenceEquals(_settingsOf, desired);
        if (all)
            _paths = desired.Sysctls.Keys.ToLookup(IsTold);
        var due = _paths[false].Where((_, index) => all || index % readsPeersIn == turn);
        Read(told || all ? due.Concat(_paths[true]) : due, all ? [] : _settings);
        _settingsOf = desired;
    }

    private static bool IsTold(string path) => path.StartsWith("net/ipv4/conf/", StringComparison.Ordinal) && path.EndsWith("/rp_filter", StringComparison.Ordinal);

    private void Read(IEnumerable<string> paths, Dictionary<string, string> read)
    {
        foreach (var path in paths)
        {
            var value = SysctlFiles.Read(path);
            if (value == read.GetValueOrDefault(path))
                continue;
            // What was handed out stays as it is.
            if (ReferenceEquals(read, _settings))
                read = new Dictionary<string, string>(_settings);
            read.Remove(path);
            if (value is not null)
                read.Add(path, value);
        }
        _settings = read;
    }
}
