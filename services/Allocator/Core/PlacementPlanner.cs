using System.Net;

namespace Vprox.Allocator.Core;

/// <summary>
/// Chooses a node, an ENI and a private address. In this order: within the same subnet when an address moves (one call then moves a list of
/// private addresses with their Elastic IPs), away from the proxy's other addresses, on the node with the least load.
/// </summary>
public static class PlacementPlanner
{
    /// <summary>Places new addresses of one proxy.</summary>
    public static PlacementPlan Place(Fleet fleet, string proxyId, IReadOnlyList<IPAddress> addresses)
    {
        var load = new FleetLoad(fleet, leaving: []);
        return Choose(addresses, address => load.Take(address, proxyId, moving: null));
    }

    /// <summary>
    /// Places addresses anew on nodes that take placements. Those that fit nowhere stay where they are; a later round, with more nodes,
    /// finds them again.
    /// </summary>
    public static PlacementPlan Move(Fleet fleet, IReadOnlyList<FleetPlacement> leaving)
    {
        var load = new FleetLoad(fleet, leaving);
        var byAddress = leaving.ToDictionary(placement => placement.Address);
        return Choose(byAddress.Keys, address => load.Take(address, byAddress[address].ProxyId, byAddress[address]));
    }

    private static PlacementPlan Choose(IEnumerable<IPAddress> addresses, Func<IPAddress, FleetPlacement?> take)
    {
        var placed = new List<FleetPlacement>();
        var unplaced = new List<IPAddress>();
        foreach (var address in addresses)
        {
            if (take(address) is { } placement)
                placed.Add(placement);
            else
                unplaced.Add(address);
        }
        return new PlacementPlan(placed, unplaced);
    }
}
