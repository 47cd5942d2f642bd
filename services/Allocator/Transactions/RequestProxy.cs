using Microsoft.EntityFrameworkCore;
using Vprox.Addressing;
using Vprox.Allocator.Adapters.Storage;
using Vprox.Allocator.Core;
using Vprox.Contracts;

namespace Vprox.Allocator.Transactions;

/// <summary>A request for a proxy: answered again when it is known, otherwise placed or rejected, in one transaction with the messages that follow.</summary>
public sealed class RequestProxy(AllocatorStore store, PlacementMessages messages, AllocatorOptions options, TimeProvider time, ILogger<RequestProxy> logger)
{
    public async Task HandleAsync(ProxyRequested request, CancellationToken cancellationToken)
    {
        var outcome = await store.DecideAsync(database => DecideAsync(database, request), cancellationToken);
        if (outcome.Rejected is { } rejected)
            logger.ProxyRejected(Short(request.ProxyId), Short(request.WorkspaceId), rejected.Code, rejected.Reason);
        foreach (var placement in outcome.Placed)
            logger.AddressPlaced(placement.Address.ToString(), request.ProxyId, placement.NodeId, placement.NetworkInterfaceId, placement.PrivateAddress.ToString());
    }

    private sealed record Outcome(ProxyRejected? Rejected, IReadOnlyList<FleetPlacement> Placed)
    {
        public static Outcome Nothing { get; } = new(null, []);
    }

    private async Task<Outcome> DecideAsync(AllocatorDbContext database, ProxyRequested request)
    {
        if (ProxyRequestValidator.Error(request) is { } error)
            return Reject(database, request, ProxyRejectedCode.InvalidRequest, $"The request is invalid: {error}.");
        var name = request.Region ?? options.DefaultRegion ?? options.Regions[0].Name;
        if (options.Regions.Find(known => known.Name == name) is not { } region)
        {
            var regions = string.Join(", ", options.Regions.Select(known => known.Name));
            return Reject(database, request, ProxyRejectedCode.UnknownRegion, $"No pool serves this region; regions with one: {regions}.");
        }
        if (await database.Proxies.FindAsync(request.ProxyId) is { } known)
            return await AnswerAgainAsync(database, request, known, region.Name);
        return await PlaceAsync(database, request, region);
    }

    private static async Task<Outcome> AnswerAgainAsync(AllocatorDbContext database, ProxyRequested request, Proxy known, string region)
    {
        if (known.WorkspaceId != request.WorkspaceId)
            return Reject(database, request, ProxyRejectedCode.ForeignProxy, "The proxy id belongs to another workspace; choose another id.");
        if (known.State == ProxyState.Released)
            return Reject(database, request, ProxyRejectedCode.Conflict, "The proxy was released; ask with a new proxy id.");
        if (known.AddressCount != request.AddressCount || known.Region != region
            || known.GuaranteedMbps != request.GuaranteedMbps || known.CeilingMbps != request.CeilingMbps)
            return Reject(database, request, ProxyRejectedCode.Conflict, "The proxy exists with other properties; release it first or choose another id.");
        if (known.State == ProxyState.Ready)
            database.Publish(await ProxyMessages.ReadyAsync(database, known));
        return Outcome.Nothing;
    }

    private async Task<Outcome> PlaceAsync(AllocatorDbContext database, ProxyRequested request, RegionOptions region)
    {
        var free = await database.StaticAddresses
            .Where(address => address.Region == region.Name && address.InPool && address.State == StaticAddressState.Free)
            .OrderBy(address => address.Generation).ThenBy(address => address.Slot)
            .Take(request.AddressCount)
            .ToListAsync();
        if (free.Count < request.AddressCount)
        {
            return Reject(database, request, ProxyRejectedCode.NoFreeAddress,
                $"Region {region.Name} has {free.Count} free addresses and {request.AddressCount} were asked for; release a proxy or enlarge the pool.");
        }
        var plan = PlacementPlanner.Place(
            await FleetReader.ReadAsync(database, region), request.WorkspaceId, request.ProxyId, free.ConvertAll(address => Ipv4.Parse(address.Address)));
        if (plan.Unplaced.Count > 0)
        {
            return Reject(database, request, ProxyRejectedCode.NoNode,
                $"No node of region {region.Name} can take {plan.Unplaced.Count} of the {request.AddressCount} addresses now; add a node and ask again.");
        }
        database.Proxies.Add(new Proxy
        {
            ProxyId = request.ProxyId,
            WorkspaceId = request.WorkspaceId,
            Region = region.Name,
            AddressCount = request.AddressCount,
            GuaranteedMbps = request.GuaranteedMbps,
            CeilingMbps = request.CeilingMbps,
        });
        foreach (var (address, placement, ordinal) in free.Zip(plan.Placed, Enumerable.Range(0, free.Count)))
        {
            address.State = StaticAddressState.Allocated;
            address.ProxyId = request.ProxyId;
            address.Ordinal = ordinal;
            address.PortBlockSize = options.PortBlockSize;
            address.Generation++;
            database.Placements.Add(new Placement
            {
                Address = address.Address,
                Generation = address.Generation,
                NodeId = placement.NodeId,
                NetworkInterfaceId = placement.NetworkInterfaceId,
                SubnetId = placement.SubnetId,
                PrivateAddress = placement.PrivateAddress.ToString(),
                PublishedAt = time.GetUtcNow(),
            });
        }
        await messages.PublishAsync(database, free.ConvertAll(address => address.Address));
        return new Outcome(null, plan.Placed);
    }

    private static Outcome Reject(AllocatorDbContext database, ProxyRequested request, string code, string reason)
    {
        var rejected = new ProxyRejected { ProxyId = request.ProxyId, WorkspaceId = request.WorkspaceId, Code = code, Reason = reason };
        database.Publish(rejected);
        return new Outcome(rejected, []);
    }

    // An id of a megabyte is answered as it was sent but not logged.
    private static string Short(string id) => id.Length <= 128 ? id : id[..128];
}
