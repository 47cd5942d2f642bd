using Vprox.Netlink;
using Vprox.NodeAgent.Core.DataPlane;
using Vprox.NodeAgent.Core.DataPlane.Ruleset;
using Vprox.WireGuard;

namespace Vprox.NodeAgent.Adapters.Kernel;

/// <summary>
/// Reads what is ours in the kernel, and of that only what can have changed since: for nft tables, links, addresses, routes and rules the kernel says
/// so; interfaces' peers and settings, of which it does not, are read in turns.
/// </summary>
internal sealed class KernelReader(RouteNetlink route, IWireGuardClient wireGuard, RulesetStore ruleset, RouteMonitor monitor, int readsPeersIn, TimeProvider time)
{
    private readonly ObservedRouting _routing = new(route, monitor, time);
    private readonly ObservedTunnels _tunnels = new(wireGuard, readsPeersIn);
    private KernelState? _known;
    private KernelState? _knownFor;
    private int _turn;

    /// <summary>Reads it.</summary>
    /// <param name="desired">Names the settings to read, and the private addresses that are ours whoever put them on an ENI.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public async Task<KernelReading> ReadAsync(KernelState desired, CancellationToken cancellationToken)
    {
        var known = _known;
        // Half a reading is none.
        _known = null;
        var changed = _routing.Read();
        if (changed.HasFlag(RouteChanges.Links))
            await _tunnels.ListAsync(cancellationToken);
        var seen = await _tunnels.ReadAsync(_routing.Links, cancellationToken);
        var table = ruleset.Read();
        var same = known is not null && ReferenceEquals(_knownFor, desired) && changed == RouteChanges.None
            && ReferenceEquals(table, known.Ruleset) && _tunnels.ByName.Count == known.Tunnels.Count;
        var settings = Settings(desired, all: !same);
        _knownFor = desired;
        _known = same ? Renewed(known!, settings) : Whole(desired, table, settings);
        return new KernelReading(_known, seen, settings.Keys.ToHashSet(), same);
    }

    /// <summary>An interface is not as it was read last.</summary>
    public void Forget(string name) => _tunnels.Forget(name);

    /// <summary>All our WireGuard interfaces with their peers.</summary>
    public async Task<IReadOnlyList<Device>> DevicesAsync(CancellationToken cancellationToken) =>
        await ObservedTunnels.DevicesAsync(wireGuard, [.. (await wireGuard.ListAsync(cancellationToken)).Where(TunnelName.IsOurs)], cancellationToken);

    private KernelState Whole(KernelState desired, NftTable? table, Dictionary<string, string?> settings) => new()
    {
        Tunnels = _tunnels.ByName,
        Addresses = _routing.Addresses(_tunnels.ByName, desired.Addresses.Select(address => address.Address).ToHashSet()),
        Routes = _routing.Routes,
        Rules = _routing.Rules,
        Sysctls = settings.Where(setting => setting.Value is not null).ToDictionary(setting => setting.Key, setting => setting.Value!),
        Ruleset = table,
    };

    private KernelState Renewed(KernelState known, Dictionary<string, string?> settings)
    {
        var sysctls = new Dictionary<string, string>(known.Sysctls);
        foreach (var (path, value) in settings)
        {
            sysctls.Remove(path);
            if (value is not null)
                sysctls.Add(path, value);
        }
        return known with { Tunnels = _tunnels.ByName, Sysctls = sysctls };
    }

    private Dictionary<string, string?> Settings(KernelState desired, bool all)
    {
        var turn = _turn++ % readsPeersIn;
        return desired.Sysctls.Keys.Where((_, index) => all || index % readsPeersIn == turn).ToDictionary(path => path, SysctlFiles.Read);
    }
}
