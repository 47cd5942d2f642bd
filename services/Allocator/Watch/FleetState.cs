using System.Collections.Concurrent;
using Vprox.Allocator.Transactions;

namespace Vprox.Allocator.Watch;

/// <summary>What the watch last saw, for metrics and the page.</summary>
public sealed class FleetState
{
    private readonly ConcurrentDictionary<string, RegionState> _regions = new();

    /// <summary>By name; empty until the first look.</summary>
    public IReadOnlyList<RegionState> Regions => _regions.Values.OrderBy(region => region.Region, StringComparer.Ordinal).ToList();

    /// <summary>Null until the first reconciliation.</summary>
    public PortUse? Ports { get; set; }

    /// <summary>Remembers a region and returns what was known of it before.</summary>
    public RegionState? Replace(RegionState state)
    {
        _regions.TryGetValue(state.Region, out var before);
        _regions[state.Region] = state;
        return before;
    }
}
