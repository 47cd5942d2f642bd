using System.Text.Json;
using Vprox.Allocator.Core;

namespace Vprox.Allocator.Watch;

/// <summary>GET /fleet on the health listener: nodes, their load, and whether any one of them may die. No key is anywhere near it.</summary>
public static class FleetPage
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static Task AnswerAsync(HttpContext context) =>
        context.Response.WriteAsJsonAsync(Describe(context.RequestServices.GetRequiredService<FleetState>()), Json, context.RequestAborted);

    private static object Describe(FleetState state) => new { Regions = state.Regions.Select(Describe) };

    private static object Describe(RegionState region) => new
    {
        Name = region.Region,
        region.At,
        AnyNodeMayDie = region.Survivability.Holds,
        Reasons = region.Survivability.Nodes.Where(node => !node.Holds).Select(node => node.Reason),
        Stranded = region.Stranded.Select(placement => placement.Address.ToString()),
        region.Survivability.Subnets,
        Nodes = region.Fleet.Nodes.Select(node => Describe(region, node)),
    };

    private static object Describe(RegionState region, FleetNode node)
    {
        var placements = region.Fleet.Placements.Where(placement => placement.NodeId == node.NodeId).ToList();
        var survivability = region.Survivability.Nodes.FirstOrDefault(known => known.NodeId == node.NodeId);
        return new
        {
            node.NodeId,
            node.Unhealthy,
            node.Draining,
            node.Cordoned,
            Addresses = placements.Count,
            InFlight = placements.Count(placement => placement.InFlight),
            Capacity = node.NetworkInterfaces.Sum(eni => eni.SecondaryCapacity),
            NetworkInterfaces = node.NetworkInterfaces.Select(eni => new
            {
                eni.NetworkInterfaceId,
                eni.SubnetId,
                Capacity = eni.SecondaryCapacity,
                Addresses = placements.Where(placement => placement.NetworkInterfaceId == eni.NetworkInterfaceId).Select(placement => placement.Address.ToString()),
            }),
            MayDie = survivability?.Holds ?? true,
            survivability?.Reason,
            IfItDied = survivability is null
                ? null
                : new
                {
                    survivability.AssignCalls,
                    LeavingSubnet = survivability.Risk.Across,
                    survivability.Risk.Late,
                    survivability.Risk.WithoutPlace,
                },
        };
    }
}
