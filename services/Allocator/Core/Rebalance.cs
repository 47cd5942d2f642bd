using Vprox.Addressing;

namespace Vprox.Allocator.Core;

/// <summary>
/// Moves that a fleet needs before any one node may die. Nothing moves for beauty: within a subnet a move never helps (what a node holds plus
/// what it has free is its size, and the other nodes' free seats stay as many), so what is left is to thin out a node that would have to
/// send more of its addresses to other subnets than EC2 takes at once.
/// </summary>
public static class Rebalance
{
    /// <summary>
    /// The next moves; empty when the invariant holds or no move makes fewer addresses at risk. Every move does, which is why this ends.
    /// </summary>
    /// <param name="fleet">The region.</param>
    /// <param name="limit">Moves at a time; what is in flight already counts.</param>
    public static IReadOnlyList<FleetPlacement> Plan(Fleet fleet, int limit)
    {
        var moves = new List<FleetPlacement>();
        var left = limit - fleet.Placements.Count(placement => placement.InFlight);
        while (moves.Count < left && Next(fleet) is { } move)
        {
            moves.Add(move);
            fleet = fleet with { Placements = fleet.Placements.Select(placement => placement.Address.Equals(move.Address) ? move : placement).ToList() };
        }
        return moves;
    }

    private static FleetPlacement? Next(Fleet fleet)
    {
        var load = new FleetLoad(fleet, leaving: []);
        var counts = SeatCounts.Of(fleet, load);
        var atRisk = counts.Total().AtRisk;
        if (atRisk == 0)
            return null;
        var best = (
            from node in load.Nodes
            where !node.Node.MustBeLeft && counts.Of(node).AtRisk > 0
            from leaving in fleet.Placements.Where(placement => placement.NodeId == node.Node.NodeId && !placement.InFlight).GroupBy(placement => placement.SubnetId)
            from seat in load.SeatsForNew(exceptSubnetId: leaving.Key)
            where seat.Node != node
            let after = counts.WithMoved(node, leaving.Key, seat).AtRisk
            where after < atRisk
            orderby after, node.Rank, leaving.Key, seat.Node.Share, seat.Node.Rank, seat.Rank
            select (Leaving: leaving, Seat: seat)).FirstOrDefault();
        // The one that fewest wait for.
        return best.Leaving?.OrderBy(placement => placement.Tunnels).ThenBy(placement => placement.GuaranteedMbps ?? 0)
            .ThenBy(placement => Ipv4.ToUInt32(placement.Address)).Select(placement => load.Take(best.Seat, placement)).First();
    }
}
