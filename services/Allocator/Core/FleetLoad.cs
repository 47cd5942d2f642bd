using System.Net;
using Vprox.Addressing;

namespace Vprox.Allocator.Core;

/// <summary>What is taken and what is free while a plan is made; every choice is counted at once.</summary>
internal sealed class FleetLoad
{
    private readonly Dictionary<string, NodeLoad> _nodes = [];
    private readonly Dictionary<string, InterfaceLoad> _interfaces = [];
    private readonly PrivateAddresses _privateAddresses = new();

    /// <param name="fleet">The region.</param>
    /// <param name="leaving">Placements that free their seat but keep their private address from being given to others.</param>
    public FleetLoad(Fleet fleet, IReadOnlyCollection<FleetPlacement> leaving)
    {
        var ours = fleet.Placements.Select(placement => (placement.SubnetId, placement.PrivateAddress)).ToHashSet();
        var ranges = fleet.PrivateRanges.ToDictionary(range => range.SubnetId, range => range.Range);
        foreach (var (node, rank) in fleet.Nodes.OrderBy(node => node.NodeId, StringComparer.Ordinal).Select((node, rank) => (node, rank)))
        {
            var load = _nodes[node.NodeId] = new NodeLoad(node, rank);
            foreach (var (eni, number) in node.NetworkInterfaces.OrderBy(eni => eni.NetworkInterfaceId, StringComparer.Ordinal).Select((eni, number) => (eni, number)))
            {
                _privateAddresses.Take(eni.SubnetId, eni.PrimaryAddress);
                foreach (var address in eni.SecondaryAddresses)
                    _privateAddresses.Take(eni.SubnetId, address);
                // A placed address counts where it is placed, also while the ENI it comes from still shows it.
                var foreign = eni.SecondaryAddresses.Count(address => !ours.Contains((eni.SubnetId, address)));
                load.Used += foreign;
                if (node.TakesPlacements && ranges.TryGetValue(eni.SubnetId, out var range) && eni.Subnet.Contains(range))
                    _interfaces[eni.NetworkInterfaceId] = new InterfaceLoad(load, eni, range, number) { Used = foreign };
            }
        }
        foreach (var placement in fleet.Placements.Except(leaving))
            Count(placement);
        foreach (var placement in leaving)
            _privateAddresses.Take(placement.SubnetId, placement.PrivateAddress);
    }

    /// <summary>The ENIs that may take addresses, full ones too, in an order of their own.</summary>
    public IEnumerable<InterfaceLoad> Interfaces => _interfaces.Values;

    public IEnumerable<NodeLoad> Nodes => _nodes.Values;

    /// <summary>The ENIs of a subnet that an address can be put on.</summary>
    public IEnumerable<InterfaceLoad> Seats(string subnetId) => _interfaces.Values.Where(seat => seat.Eni.SubnetId == subnetId && seat.Free > 0);

    /// <summary>The fewest ENIs of a subnet that hold so many addresses together, or all that have room when they do not.</summary>
    public int FewestInterfaces(string subnetId, int addresses, string? exceptNodeId = null)
    {
        var interfaces = 0;
        foreach (var free in Seats(subnetId).Where(seat => seat.Node.Node.NodeId != exceptNodeId).Select(seat => seat.Free).OrderDescending())
        {
            if (addresses <= 0)
                break;
            addresses -= free;
            interfaces++;
        }
        return interfaces;
    }

    /// <summary>How many private addresses of a subnet's range nobody has.</summary>
    public int FreePrivateAddresses(InterfaceLoad seat) => _privateAddresses.Free(seat.Eni.SubnetId, seat.Eni.Subnet, seat.Range);

    /// <summary>The ENIs that an address which is new to their subnet can be put on: there are a seat and a private address.</summary>
    public IEnumerable<InterfaceLoad> SeatsForNew(string? exceptSubnetId = null)
    {
        var subnets = Interfaces.DistinctBy(seat => seat.Eni.SubnetId)
            .Where(seat => seat.Eni.SubnetId != exceptSubnetId && PrivateAddress(seat) is not null).Select(seat => seat.Eni.SubnetId).ToHashSet();
        return Interfaces.Where(seat => seat.Free > 0 && subnets.Contains(seat.Eni.SubnetId));
    }

    /// <summary>Puts an address on an ENI. Within its subnet it keeps its private address; otherwise it takes the lowest free one.</summary>
    /// <param name="seat">With a free place and, for an address from elsewhere, a free private address.</param>
    /// <param name="address">The address, as it was placed before or with empty places when it is new.</param>
    public FleetPlacement Take(InterfaceLoad seat, FleetPlacement address)
    {
        var placement = address with
        {
            NodeId = seat.Node.Node.NodeId,
            NetworkInterfaceId = seat.Eni.NetworkInterfaceId,
            SubnetId = seat.Eni.SubnetId,
            PrivateAddress = seat.Eni.SubnetId == address.SubnetId ? address.PrivateAddress : PrivateAddress(seat)!,
            InFlight = true,
        };
        seat.IsTarget = true;
        Count(placement);
        return placement;
    }

    private IPAddress? PrivateAddress(InterfaceLoad seat) => _privateAddresses.Lowest(seat.Eni.SubnetId, seat.Eni.Subnet, seat.Range);

    private void Count(FleetPlacement placement)
    {
        _privateAddresses.Take(placement.SubnetId, placement.PrivateAddress);
        if (_nodes.TryGetValue(placement.NodeId, out var node))
            node.Count(placement);
        if (_interfaces.TryGetValue(placement.NetworkInterfaceId, out var seat))
            seat.Used++;
    }
}
