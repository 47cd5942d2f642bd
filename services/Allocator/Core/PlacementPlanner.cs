using System.Net;
using Vprox.Addressing;

namespace Vprox.Allocator.Core;

/// <summary>
/// Chooses a node, an ENI and a private address. The same fleet gives the same plan, in whatever order it was read.
/// </summary>
public static class PlacementPlanner
{
    // As many ENIs as a large instance has (c7gn.8xlarge: 8): a whole node moves in no more AssignPrivateIpAddresses than it has ENIs, while a
    // few addresses still spread over eight. The burst of 100 calls stays for the next dead node.
    private const int CallsOfAMove = 8;

    /// <summary>
    /// Places new addresses of one proxy: so that any one node may still die, away from the proxy's and the workspace's other addresses, so
    /// that none would have to leave its subnet, on the node with the least load.
    /// </summary>
    public static PlacementPlan Place(Fleet fleet, string workspaceId, string proxyId, IReadOnlyList<IPAddress> addresses)
    {
        var load = new FleetLoad(fleet, leaving: []);
        var counts = SeatCounts.Of(fleet, load);
        var placed = new List<FleetPlacement>();
        var unplaced = new List<IPAddress>();
        foreach (var address in addresses)
        {
            var risks = new Dictionary<(int, string), DeathRisk>();
            var seat = load.SeatsForNew().MinBy(seat =>
            {
                var key = (seat.Node.Rank, seat.Eni.SubnetId);
                var risk = risks.TryGetValue(key, out var known) ? known : risks[key] = counts.WithOneMoreOn(seat);
                return (risk.AtRisk, seat.Node.OfProxy(proxyId), seat.Node.OfWorkspace(workspaceId), risk.Across, seat.Node.Share, seat.Used,
                    (seat.Node.Rank, seat.Rank));
            });
            if (seat is null)
            {
                unplaced.Add(address);
                continue;
            }
            counts.Add(seat);
            placed.Add(load.Take(seat, New(address, workspaceId, proxyId)));
        }
        return new PlacementPlan(placed, unplaced);
    }

    /// <summary>
    /// Places addresses anew on nodes that take placements: all within their subnets first, where one call moves a list of private addresses
    /// with their Elastic IPs, then the rest in other subnets. Those that fit nowhere stay where they are; a later round, with more nodes,
    /// finds them again.
    /// </summary>
    public static PlacementPlan Move(Fleet fleet, IReadOnlyCollection<FleetPlacement> leaving)
    {
        var load = new FleetLoad(fleet, leaving);
        var dead = fleet.Nodes.Where(node => node.Unhealthy).Select(node => node.NodeId).ToHashSet();
        var ordered = leaving
            .OrderByDescending(placement => dead.Contains(placement.NodeId))
            .ThenByDescending(placement => placement.Tunnels)
            .ThenByDescending(placement => placement.GuaranteedMbps ?? 0)
            .ThenBy(placement => Ipv4.ToUInt32(placement.Address))
            .ToList();
        var placed = new Dictionary<IPAddress, FleetPlacement>();
        foreach (var subnet in ordered.GroupBy(placement => placement.SubnetId).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            var share = (CallsOfAMove * subnet.Count() + ordered.Count - 1) / ordered.Count;
            var calls = Math.Max(share, load.FewestInterfaces(subnet.Key, subnet.Count()));
            foreach (var placement in subnet)
            {
                if (WithinSubnet(load, placement, calls) is { } seat)
                    placed[placement.Address] = load.Take(seat, placement);
            }
        }
        foreach (var placement in ordered.Where(placement => !placed.ContainsKey(placement.Address)))
        {
            if (Elsewhere(load, placement) is { } seat)
                placed[placement.Address] = load.Take(seat, placement);
        }
        return new PlacementPlan(
            ordered.Where(placement => placed.ContainsKey(placement.Address)).Select(placement => placed[placement.Address]).ToList(),
            ordered.Where(placement => !placed.ContainsKey(placement.Address)).Select(placement => placement.Address).ToList());
    }

    // While calls are left the spread decides; then what has a call already; then the ENI that takes most with one more.
    private static InterfaceLoad? WithinSubnet(FleetLoad load, FleetPlacement moving, int calls)
    {
        var targets = load.Interfaces.Count(seat => seat.IsTarget && seat.Eni.SubnetId == moving.SubnetId);
        return targets < calls
            ? Spread(load.Seats(moving.SubnetId), moving)
            : Spread(load.Seats(moving.SubnetId).Where(seat => seat.IsTarget), moving)
              ?? load.Seats(moving.SubnetId).MinBy(seat => (-seat.Free, seat.Node.Share, seat.Node.Rank, seat.Rank));
    }

    private static InterfaceLoad? Elsewhere(FleetLoad load, FleetPlacement moving) =>
        Spread(load.SeatsForNew(exceptSubnetId: moving.SubnetId), moving);

    private static InterfaceLoad? Spread(IEnumerable<InterfaceLoad> seats, FleetPlacement moving) => seats.MinBy(seat => (
        seat.Node.OfProxy(moving.ProxyId), seat.Node.OfWorkspace(moving.WorkspaceId), seat.Node.Share, seat.Node.Rank, seat.IsTarget ? 0 : 1, -seat.Free, seat.Rank));

    private static FleetPlacement New(IPAddress address, string workspaceId, string proxyId) => new()
    {
        Address = address,
        ProxyId = proxyId,
        WorkspaceId = workspaceId,
        NodeId = "",
        NetworkInterfaceId = "",
        SubnetId = "",
        PrivateAddress = IPAddress.None,
    };
}
