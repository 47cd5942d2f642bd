namespace Vprox.Allocator.Core;

/// <summary>
/// A fleet as numbers by node and subnet, from which follows what a death would do: cheap enough to ask for every seat a new address could take.
/// Agrees with what <see cref="PlacementPlanner.Move"/> would do.
/// </summary>
internal sealed class SeatCounts
{
    private readonly Dictionary<string, int> _subnets = [];
    private readonly List<NodeSeats> _nodes = [];
    private int[] _free = [];
    private int[] _privateAddresses = [];

    private SeatCounts()
    {
    }

    /// <summary>A node's addresses and free seats by subnet. It can die unless it is dead.</summary>
    private sealed record NodeSeats(FleetNode Node, int[] Placed, int[] Free);

    public static SeatCounts Of(Fleet fleet, FleetLoad load)
    {
        var counts = new SeatCounts();
        foreach (var subnet in load.Interfaces.Select(seat => seat.Eni.SubnetId).Concat(fleet.Placements.Select(placement => placement.SubnetId)))
            counts._subnets.TryAdd(subnet, counts._subnets.Count);
        counts._free = new int[counts._subnets.Count];
        counts._privateAddresses = new int[counts._subnets.Count];
        // In the order of their rank.
        counts._nodes.AddRange(load.Nodes.OrderBy(node => node.Rank)
            .Select(node => new NodeSeats(node.Node, new int[counts._subnets.Count], new int[counts._subnets.Count])));
        var byId = counts._nodes.ToDictionary(node => node.Node.NodeId);
        foreach (var placement in fleet.Placements)
        {
            if (byId.TryGetValue(placement.NodeId, out var node))
                node.Placed[counts._subnets[placement.SubnetId]]++;
        }
        foreach (var seat in load.Interfaces)
        {
            var subnet = counts._subnets[seat.Eni.SubnetId];
            counts._nodes[seat.Node.Rank].Free[subnet] += seat.Free;
            counts._free[subnet] += seat.Free;
            counts._privateAddresses[subnet] = load.FreePrivateAddresses(seat);
        }
        return counts;
    }

    /// <summary>The sum over all nodes that live.</summary>
    public DeathRisk Total() => _nodes.Where(node => !node.Node.Unhealthy).Aggregate(new DeathRisk(), (sum, node) => sum + Of(node));

    /// <summary>If this node died.</summary>
    public DeathRisk Of(NodeLoad node) => Of(_nodes[node.Rank]);

    /// <summary>How many of a node's addresses in a subnet find a seat of another node there.</summary>
    public int Within(NodeLoad node, string subnetId) =>
        _subnets.TryGetValue(subnetId, out var subnet) ? Within(_nodes[node.Rank], subnet) : 0;

    public void Add(InterfaceLoad seat) => Change(seat, 1);

    /// <summary>The sum with one more address on this ENI.</summary>
    public DeathRisk WithOneMoreOn(InterfaceLoad seat)
    {
        Change(seat, 1);
        var risk = Total();
        Change(seat, -1);
        return risk;
    }

    /// <summary>The sum with one address of a node in a subnet put on this ENI instead.</summary>
    public DeathRisk WithMoved(NodeLoad from, string subnetId, InterfaceLoad seat)
    {
        Leave(from, subnetId, 1);
        var risk = WithOneMoreOn(seat);
        Leave(from, subnetId, -1);
        return risk;
    }

    private void Leave(NodeLoad from, string subnetId, int addresses)
    {
        var (node, subnet) = (_nodes[from.Rank], _subnets[subnetId]);
        node.Placed[subnet] -= addresses;
        _privateAddresses[subnet] += addresses;
        if (!node.Node.TakesPlacements)
            return;
        node.Free[subnet] += addresses;
        _free[subnet] += addresses;
    }

    private void Change(InterfaceLoad seat, int addresses)
    {
        var (node, subnet) = (_nodes[seat.Node.Rank], _subnets[seat.Eni.SubnetId]);
        node.Placed[subnet] += addresses;
        node.Free[subnet] -= addresses;
        _free[subnet] -= addresses;
        _privateAddresses[subnet] -= addresses;
    }

    private int Within(NodeSeats node, int subnet) => Math.Min(node.Placed[subnet], _free[subnet] - node.Free[subnet]);

    private DeathRisk Of(NodeSeats node)
    {
        var (leaving, elsewhere) = (0, 0);
        for (var subnet = 0; subnet < _free.Length; subnet++)
        {
            var within = Within(node, subnet);
            leaving += node.Placed[subnet] - within;
            elsewhere += Math.Min(_free[subnet] - node.Free[subnet] - within, Math.Max(0, _privateAddresses[subnet]));
        }
        var across = Math.Min(leaving, elsewhere);
        return new DeathRisk(across, Math.Max(0, across - Survivability.AssociateBurst), leaving - across);
    }
}
