using System.Net;
using Vprox.Addressing;

namespace Vprox.Allocator.Core;

/// <summary>What is taken and what is free while a plan is made; every choice is counted at once.</summary>
internal sealed class FleetLoad
{
    // EC2 keeps the first four addresses and the last one of every subnet for itself (VPC user guide, "Subnet CIDR blocks").
    private const int ReservedAtStart = 4;

    private readonly List<(FleetNode Node, FleetNetworkInterface Eni, Ipv4Prefix Range)> _seats = [];
    private readonly Dictionary<string, int> _usedOfEni = [];
    private readonly Dictionary<string, int> _usedOfNode = [];
    private readonly Dictionary<string, int> _capacityOfNode = [];
    private readonly Dictionary<(string ProxyId, string NodeId), int> _ofProxy = [];
    private readonly Dictionary<string, HashSet<IPAddress>> _takenInSubnet = [];

    /// <param name="fleet">The region.</param>
    /// <param name="leaving">Placements that free their seat but keep their private address from being given to others.</param>
    public FleetLoad(Fleet fleet, IReadOnlyList<FleetPlacement> leaving)
    {
        var ours = fleet.Placements.Select(placement => (placement.SubnetId, placement.PrivateAddress)).ToHashSet();
        var ranges = fleet.PrivateRanges.ToDictionary(range => range.SubnetId, range => range.Range);
        foreach (var node in fleet.Nodes)
        {
            _capacityOfNode[node.NodeId] = node.NetworkInterfaces.Sum(eni => eni.SecondaryCapacity);
            foreach (var eni in node.NetworkInterfaces)
            {
                Taken(eni.SubnetId).Add(eni.PrimaryAddress);
                Taken(eni.SubnetId).UnionWith(eni.SecondaryAddresses);
                // A placed address counts where it is placed, also while the ENI it comes from still shows it.
                Count(eni.NetworkInterfaceId, node.NodeId, eni.SecondaryAddresses.Count(address => !ours.Contains((eni.SubnetId, address))));
                if (node.TakesPlacements && ranges.TryGetValue(eni.SubnetId, out var range) && eni.Subnet.Contains(range))
                    _seats.Add((node, eni, range));
            }
        }
        foreach (var placement in fleet.Placements.Except(leaving))
            Count(placement);
        foreach (var placement in leaving)
            Taken(placement.SubnetId).Add(placement.PrivateAddress);
    }

    /// <summary>Takes the best place; null when there is none.</summary>
    /// <param name="address">The static address.</param>
    /// <param name="proxyId">Its proxy, whose addresses are kept apart.</param>
    /// <param name="moving">Where it was, when it moves: it keeps its private address within the subnet.</param>
    public FleetPlacement? Take(IPAddress address, string proxyId, FleetPlacement? moving)
    {
        var choice = _seats
            .Where(seat => _usedOfEni[seat.Eni.NetworkInterfaceId] < seat.Eni.SecondaryCapacity)
            .OrderBy(seat => seat.Eni.SubnetId == moving?.SubnetId ? 0 : 1)
            .ThenBy(seat => _ofProxy.GetValueOrDefault((proxyId, seat.Node.NodeId)))
            .ThenBy(seat => (double)_usedOfNode[seat.Node.NodeId] / _capacityOfNode[seat.Node.NodeId])
            .ThenBy(seat => _usedOfEni[seat.Eni.NetworkInterfaceId])
            .ThenBy(seat => seat.Eni.NetworkInterfaceId, StringComparer.Ordinal)
            .Select(seat => (seat.Node, seat.Eni, Private: PrivateAddress(seat.Eni, seat.Range, moving)))
            .FirstOrDefault(seat => seat.Private is not null);
        if (choice.Private is null)
            return null;
        var placement = new FleetPlacement
        {
            Address = address,
            ProxyId = proxyId,
            NodeId = choice.Node.NodeId,
            NetworkInterfaceId = choice.Eni.NetworkInterfaceId,
            SubnetId = choice.Eni.SubnetId,
            PrivateAddress = choice.Private,
        };
        Count(placement);
        return placement;
    }

    private IPAddress? PrivateAddress(FleetNetworkInterface eni, Ipv4Prefix range, FleetPlacement? moving)
    {
        if (moving?.SubnetId == eni.SubnetId)
            return moving.PrivateAddress;
        var taken = Taken(eni.SubnetId);
        for (long offset = 0; offset < range.Count; offset++)
        {
            var candidate = range.AddressAt(offset);
            var inSubnet = eni.Subnet.OffsetOf(candidate);
            if (inSubnet >= ReservedAtStart && inSubnet < eni.Subnet.Count - 1 && !taken.Contains(candidate))
                return candidate;
        }
        return null;
    }

    private void Count(FleetPlacement placement)
    {
        Count(placement.NetworkInterfaceId, placement.NodeId, 1);
        Taken(placement.SubnetId).Add(placement.PrivateAddress);
        var key = (placement.ProxyId, placement.NodeId);
        _ofProxy[key] = _ofProxy.GetValueOrDefault(key) + 1;
    }

    private void Count(string networkInterfaceId, string nodeId, int addresses)
    {
        _usedOfEni[networkInterfaceId] = _usedOfEni.GetValueOrDefault(networkInterfaceId) + addresses;
        _usedOfNode[nodeId] = _usedOfNode.GetValueOrDefault(nodeId) + addresses;
    }

    private HashSet<IPAddress> Taken(string subnetId) =>
        _takenInSubnet.TryGetValue(subnetId, out var taken) ? taken : _takenInSubnet[subnetId] = [];
}
