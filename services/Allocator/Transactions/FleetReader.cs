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
        // Without the keys, which are most of a row.
        var placements = await (
            from address in database.StaticAddresses
            where address.Region == region.Name
            join placement in database.Placements on address.Address equals placement.Address
            join proxy in database.Proxies on address.ProxyId equals proxy.ProxyId
            orderby address.Address
            select new
            {
                address.Address,
                proxy.ProxyId,
                proxy.WorkspaceId,
                proxy.GuaranteedMbps,
                placement.NodeId,
                placement.NetworkInterfaceId,
                placement.SubnetId,
                placement.PrivateAddress,
                placement.Serving,
            }).ToListAsync();
        return new Fleet
        {
            Nodes = nodes.ConvertAll(node => new FleetNode
            {
                NodeId = node.NodeId,
                Unhealthy = node.Unhealthy,
                Draining = node.Draining,
                Cordoned = node.Cordoned,
                NetworkInterfaces = node.NetworkInterfaces.OrderBy(eni => eni.NetworkInterfaceId, StringComparer.Ordinal).Select(Eni).ToList(),
            }),
            Placements = placements.ConvertAll(row => new FleetPlacement
            {
                Address = Ipv4.Parse(row.Address),
                ProxyId = row.ProxyId,
                WorkspaceId = row.WorkspaceId,
                GuaranteedMbps = row.GuaranteedMbps,
                NodeId = row.NodeId,
                NetworkInterfaceId = row.NetworkInterfaceId,
                SubnetId = row.SubnetId,
                PrivateAddress = Ipv4.Parse(row.PrivateAddress),
                InFlight = !row.Serving,
            }),
            PrivateRanges = region.Subnets.ConvertAll(subnet => new PrivateRange(subnet.SubnetId, Ipv4Prefix.Parse(subnet.PrivateRange))),
        };
    }

    /// <summary>The same placements with how many tunnels are connected to each.</summary>
    public static async Task<List<FleetPlacement>> WithTunnelsAsync(AllocatorDbContext database, IEnumerable<FleetPlacement> placements)
    {
        var list = placements.ToList();
        var addresses = list.ConvertAll(placement => placement.Address.ToString());
        var tunnels = await database.Tunnels.Where(tunnel => addresses.Contains(tunnel.Address) && tunnel.State == TunnelState.Connected)
            .GroupBy(tunnel => tunnel.Address).Select(group => new { group.Key, Count = group.Count() }).ToDictionaryAsync(row => row.Key, row => row.Count);
        return list.ConvertAll(placement => placement with { Tunnels = tunnels.GetValueOrDefault(placement.Address.ToString()) });
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
