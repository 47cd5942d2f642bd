using Microsoft.EntityFrameworkCore;
using Vprox.Allocator.Adapters.Storage;
using Vprox.Contracts;

namespace Vprox.Allocator.Transactions;

/// <summary>What a node says of itself: the inventory. A node that appears may be the place that stranded addresses waited for.</summary>
public sealed class RecordNode(
    AllocatorStore store, PlacementMessages messages, StrandedAddresses stranded, TimeProvider time, ILogger<RecordNode> logger)
{
    public async Task HandleAsync(NodeJoined joined, CancellationToken cancellationToken)
    {
        var (isNew, resealed, moved) = await store.DecideAsync(database => DecideAsync(database, joined), cancellationToken);
        if (isNew)
            logger.NodeJoined(joined.NodeId, joined.Region, joined.NetworkInterfaces.Count, joined.AgentVersion);
        if (resealed > 0)
            logger.NodeKeyChanged(joined.NodeId, resealed);
        logger.Moved(moved);
    }

    public async Task HandleAsync(NodeAddressesChanged changed, CancellationToken cancellationToken) =>
        logger.Moved(await store.DecideAsync(
            async database =>
            {
                if (await database.Nodes.FindAsync(changed.NodeId) is not { } node)
                    return new MoveOutcome([], []);
                await ReplaceInterfacesAsync(database, node, changed.NetworkInterfaces);
                return await stranded.MoveAsync(database);
            },
            cancellationToken));

    private async Task<(bool IsNew, int Resealed, MoveOutcome Moved)> DecideAsync(AllocatorDbContext database, NodeJoined joined)
    {
        var now = time.GetUtcNow();
        var node = await database.Nodes.FindAsync(joined.NodeId);
        if (joined.StartedAt < node?.StartedAt)
            return (false, 0, new MoveOutcome([], []));
        var isNew = node is null;
        var keyChanged = node is not null && node.SealingPublicKey != joined.SealingPublicKey;
        if (node is null)
            database.Nodes.Add(node = Describe(joined, now));
        node.InstanceId = joined.InstanceId;
        node.Region = joined.Region;
        node.SealingPublicKey = joined.SealingPublicKey;
        node.ProbeUrl = joined.ProbeUrl;
        node.AgentVersion = joined.AgentVersion;
        node.StartedAt = joined.StartedAt;
        node.LastSeenAt = now;
        // An agent that starts again and again is no better for it: only NodeRecovered makes an unhealthy node healthy.
        await ReplaceInterfacesAsync(database, node, joined.NetworkInterfaces);
        List<string> resealed = keyChanged
            ? await database.Placements.Where(row => row.NodeId == node.NodeId).Select(row => row.Address).ToListAsync()
            : [];
        await messages.PublishAsync(database, resealed);
        return (isNew, resealed.Count, await stranded.MoveAsync(database));
    }

    private static Node Describe(NodeJoined joined, DateTimeOffset now) => new()
    {
        NodeId = joined.NodeId,
        InstanceId = joined.InstanceId,
        Region = joined.Region,
        SealingPublicKey = joined.SealingPublicKey,
        ProbeUrl = joined.ProbeUrl,
        AgentVersion = joined.AgentVersion,
        StartedAt = joined.StartedAt,
        LastSeenAt = now,
    };

    // An ENI can be detached from one node and attached to another: who named it last has it.
    private static async Task ReplaceInterfacesAsync(AllocatorDbContext database, Node node, IReadOnlyList<NodeNetworkInterface> observed)
    {
        await database.SaveChangesAsync();
        var ids = observed.Select(eni => eni.NetworkInterfaceId).ToList();
        var known = await database.NetworkInterfaces
            .Where(eni => eni.NodeId == node.NodeId || ids.Contains(eni.NetworkInterfaceId))
            .ToDictionaryAsync(eni => eni.NetworkInterfaceId);
        database.NetworkInterfaces.RemoveRange(known.Values.Where(eni => !ids.Contains(eni.NetworkInterfaceId)));
        foreach (var eni in observed)
        {
            if (!known.TryGetValue(eni.NetworkInterfaceId, out var row))
            {
                database.NetworkInterfaces.Add(new NetworkInterface
                {
                    NetworkInterfaceId = eni.NetworkInterfaceId,
                    NodeId = node.NodeId,
                    SubnetId = eni.SubnetId,
                    SubnetCidr = eni.SubnetCidr,
                    PrimaryAddress = eni.PrimaryAddress,
                    SecondaryAddresses = eni.SecondaryAddresses,
                    SecondaryCapacity = eni.SecondaryCapacity,
                });
                continue;
            }
            row.NodeId = node.NodeId;
            row.SubnetId = eni.SubnetId;
            row.SubnetCidr = eni.SubnetCidr;
            row.PrimaryAddress = eni.PrimaryAddress;
            row.SecondaryAddresses = eni.SecondaryAddresses;
            row.SecondaryCapacity = eni.SecondaryCapacity;
        }
    }
}
