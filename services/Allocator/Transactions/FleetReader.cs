using Microsoft.EntityFrameworkCore;
using Vprox.Addressing;
using Vprox.Allocator.Adapters.Storage;
using Vprox.Allocator.Core;

namespace Vprox.Allocator.Transactions;

/// <summary>Reads a region for the planner.</summary>
internal static class FleetReader
{
    public static async Task<Fleet> ReadAsync(AllocatorDbContext database, RegionOptions region)
    {
        var nodes = await database.Nodes.AsNoTracking().Include(node => node.NetworkInterfaces)
            .Where(node => node.Region == region.Name).OrderBy(node => node.NodeId).ToListAsync();
        var placements = await database.StaticAddresses.AsNoTracking().Include(address => address.Placement)
            .Where(address => address.Region == region.Name && address.Placement != null).OrderBy(address => address.Address).ToListAsync();
        return new Fleet
        {
            Nodes = nodes.ConvertAll(node => new FleetNode
            {
                NodeId = node.NodeId,
                TakesPlacements = !node.Unhealthy && !node.Cordoned && !node.Draining,
                NetworkInterfaces = node.NetworkInterfaces.OrderBy(eni => eni.NetworkInterfaceId, StringComparer.Ordinal).Select(Eni).ToList(),
            }),
            Placements = placements.ConvertAll(address => new FleetPlacement
            {
                Address = Ipv4.Parse(address.Address),
                ProxyId = address.ProxyId!,
                NodeId = address.Placement!.NodeId,
                NetworkInterfaceId = address.Placement.NetworkInterfaceId,
                SubnetId = address.Placement.SubnetId,
                PrivateAddress = Ipv4.Parse(address.Placement.PrivateAddress),
            }),
            PrivateRanges = region.Subnets.ConvertAll(subnet => new PrivateRange(subnet.SubnetId, Ipv4Prefix.Parse(subnet.PrivateRange))),
        };
    }

    private static FleetNetworkInterface Eni(NetworkInterface eni) => new()
    {
        NetworkInterfaceId = eni.NetworkInterfaceId,
        SubnetId = eni.SubnetId,
        Subnet = Ipv4Prefix.Parse(eni.SubnetCidr),
        PrimaryAddress = Ipv4.Parse(eni.PrimaryAddress),
        SecondaryAddresses = eni.SecondaryAddresses.Select(Ipv4.Parse).ToList(),
        SecondaryCapacity = eni.SecondaryCapacity,
    };
}
