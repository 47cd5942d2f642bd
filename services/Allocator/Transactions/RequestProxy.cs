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
        if (outcome.Rated)
            logger.BandwidthChanged(request.ProxyId, request.GuaranteedMbps, request.CeilingMbps, request.Revision);
        foreach (var placement in outcome.Placed)
            logger.AddressPlaced(placement.Address.ToString(), request.ProxyId, placement.NodeId, placement.NetworkInterfaceId, placement.PrivateAddress.ToString());
    }

    private sealed record Outcome(ProxyRejected? Rejected, IReadOnlyList<FleetPlacement> Placed, bool Rated = false)
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

    private async Task<Outcome> AnswerAgainAsync(AllocatorDbContext database, ProxyRequested request, Proxy known, string region)
    {
        if (known.WorkspaceId != request.WorkspaceId)
            return Reject(database, request, ProxyRejectedCode.ForeignProxy, "The proxy id belongs to another workspace; choose another id.");
        if (known.State == ProxyState.Released)
            return Reject(database, request, ProxyRejectedCode.Conflict, "The proxy was released; ask with a new proxy id.");
        if (known.AddressCount != request.AddressCount || known.Region != region)
            return Reject(database, request, ProxyRejectedCode.Conflict, "The proxy exists with another number of addresses or in another region; release it first or choose another id.");
        var changed = await RateAsync(database, request, known);
        if (known.State == ProxyState.Ready)
            database.Publish(await ProxyMessages.ReadyAsync(database, known));
        return Outcome.Nothing with { Rated = changed };
    }

    /// <summary>Takes another bandwidth and tells the nodes, unless the request is older than one that was taken.</summary>
    private async Task<bool> RateAsync(AllocatorDbContext database, ProxyRequested request, Proxy known)
    {
        if (request.Revision < known.Revision)
            return false;
        known.Revision = request.Revision;
        if (known.GuaranteedMbps == request.GuaranteedMbps && known.CeilingMbps == request.CeilingMbps)
            return false;
        (known.GuaranteedMbps, known.CeilingMbps) = (request.GuaranteedMbps, request.CeilingMbps);
        known.BandwidthGeneration++;
        var addresses = await database.StaticAddresses.Where(address => address.ProxyId == known.ProxyId).OrderBy(address => address.Ordinal).Select(address => address.Address).ToListAsync();
        await messages.PublishAsync(database, addresses);
        return true;
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
            Revision = request.Revision,
        });
        var generation = await database.NewestGenerationAsync() + 1;
        foreach (var (address, placement, ordinal) in free.Zip(plan.Placed, Enumerable.Range(0, free.Count)))
        {
            address.State = StaticAddressState.Allocated;
            address.ProxyId = request.ProxyId;
            address.Ordinal = ordinal;
            address.PortBlockSize = options.PortBlockSize;
            address.Generation = generation;
            database.Placements.Add(new Placement
            {
                Address = address.Address,
                Generation = generation,
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
