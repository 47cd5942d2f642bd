using Microsoft.EntityFrameworkCore;
using Vprox.Allocator.Adapters.Storage;
using Vprox.Contracts;

namespace Vprox.Allocator.Transactions;

/// <summary>Where every address shall be, page by page, for those that start or missed something.</summary>
public sealed class ReadSnapshot(AllocatorStore store, PlacementMessages messages)
{
    private const int NodePage = 50;
    private const int FleetPage = 200;

    // A page must stay below Bus:MaxBodyBytes (1 MiB); a peer takes about 150 bytes, with all 156 blocks 3,000.
    private const int InnerAddressesPerPage = 15_000;

    public Task<NodeSnapshot> HandleAsync(RequestNodeSnapshot request, CancellationToken cancellationToken) => store.ReadAsync(
        async database =>
        {
            if (!await database.Nodes.AnyAsync(node => node.NodeId == request.NodeId))
                return new NodeSnapshot { NodeId = request.NodeId, Known = false, Placements = [] };
            // Before the placements: one that is decided on meanwhile has a greater generation.
            var upTo = await database.NewestGenerationAsync();
            var addresses = await database.Placements
                .Where(row => row.NodeId == request.NodeId && (request.After == null || string.Compare(row.Address, request.After) > 0))
                .OrderBy(row => row.Address).Select(row => row.Address).Take(NodePage + 1).ToListAsync();
            var page = Cut(await messages.ComposeAsync(database, addresses.Take(NodePage).ToList()));
            return new NodeSnapshot
            {
                NodeId = request.NodeId,
                Known = true,
                Placements = page,
                UpTo = upTo,
                Next = page.Count < addresses.Count ? page[^1].Address : null,
            };
        },
        cancellationToken);

    public Task<FleetSnapshot> HandleAsync(RequestFleetSnapshot request, CancellationToken cancellationToken) => store.ReadAsync(
        async database =>
        {
            var upTo = await database.NewestGenerationAsync();
            var rows = await PlacementMessages.ComposeBareAsync(database, database.StaticAddresses
                .Where(row => row.Placement != null && (request.After == null || string.Compare(row.Address, request.After) > 0))
                .OrderBy(row => row.Address).Take(FleetPage + 1));
            var page = rows.Take(FleetPage).Select(row => row.Message).ToList();
            var nodes = request.After is null
                ? await database.Nodes.AsNoTracking().Include(node => node.NetworkInterfaces).OrderBy(node => node.NodeId).ToListAsync()
                : [];
            return new FleetSnapshot
            {
                Placements = page,
                Nodes = nodes.ConvertAll(Joined),
                Standings = nodes.ConvertAll(Standing),
                UpTo = upTo,
                Next = rows.Count > FleetPage ? page[^1].Address : null,
            };
        },
        cancellationToken);

    private static List<StaticIpPlaced> Cut(IReadOnlyList<StaticIpPlaced> placements)
    {
        var page = new List<StaticIpPlaced>();
        var innerAddresses = 0;
        foreach (var placement in placements)
        {
            innerAddresses += placement.Peers.Sum(peer => peer.InnerAddresses.Count + 4);
            if (page.Count > 0 && innerAddresses > InnerAddressesPerPage)
                break;
            page.Add(placement);
        }
        return page;
    }

    private static NodeStanding Standing(Node node) =>
        new() { NodeId = node.NodeId, Unhealthy = node.Unhealthy, Draining = node.Draining, Cordoned = node.Cordoned };

    private static NodeJoined Joined(Node node) => new()
    {
        NodeId = node.NodeId,
        InstanceId = node.InstanceId,
        Region = node.Region,
        SealingPublicKey = node.SealingPublicKey,
        ProbeUrl = node.ProbeUrl,
        NetworkInterfaces = node.NetworkInterfaces.OrderBy(eni => eni.NetworkInterfaceId, StringComparer.Ordinal).Select(eni => new NodeNetworkInterface
        {
            NetworkInterfaceId = eni.NetworkInterfaceId,
            SubnetId = eni.SubnetId,
            SubnetCidr = eni.SubnetCidr,
            PrimaryAddress = eni.PrimaryAddress,
            SecondaryAddresses = eni.SecondaryAddresses,
            SecondaryCapacity = eni.SecondaryCapacity,
        }).ToList(),
        AgentVersion = node.AgentVersion,
        StartedAt = node.StartedAt,
    };
}
