using Microsoft.EntityFrameworkCore;
using Vprox.Addressing;
using Vprox.Allocator.Adapters.Keys;
using Vprox.Allocator.Adapters.Storage;
using Vprox.Allocator.Core;
using Vprox.Contracts;

namespace Vprox.Allocator.Transactions;

/// <summary>Makes StaticIpPlaced of what the database says.</summary>
public sealed class PlacementMessages(StoredIdentities identities, GrantKeyring keyring, TimeProvider time)
{
    /// <summary>Saves what was decided and puts a message for each address into the outbox, in the order given.</summary>
    public async Task PublishAsync(AllocatorDbContext database, IReadOnlyCollection<string> addresses, Stages? stages = null)
    {
        if (addresses.Count == 0)
            return;
        await database.SaveChangesAsync();
        stages?.Passed("saved");
        var composed = (await ComposeAsync(database, addresses, stages)).ToDictionary(message => message.Address);
        var together = composed.Values.CountBy(message => (message.NetworkInterfaceId, message.Generation)).ToDictionary();
        foreach (var address in addresses)
        {
            if (composed.TryGetValue(address, out var message))
                database.Publish(message with { PlacedTogether = together[(message.NetworkInterfaceId, message.Generation)] });
        }
        var now = time.GetUtcNow();
        await foreach (var placement in database.Placements.Where(row => addresses.Contains(row.Address)).AsAsyncEnumerable())
            placement.PublishedAt = now;
        stages?.Passed("written for the bus");
    }

    /// <summary>A message for each address, with its keys sealed to its node and the tunnels known so far; ordered by address.</summary>
    public async Task<IReadOnlyList<StaticIpPlaced>> ComposeAsync(AllocatorDbContext database, IReadOnlyCollection<string> addresses, Stages? stages = null)
    {
        var tunnels = (await database.Tunnels.AsNoTracking()
                .Where(row => addresses.Contains(row.Address) && row.State != TunnelState.Removed)
                .OrderBy(row => row.PublicKey)
                .Select(row => new PeerRow(row.Address, row.PublicKey, row.Endpoint, row.GrantedAt, row.InnerAddresses.OrderBy(inner => inner.Offset).Select(inner => inner.Offset).ToList()))
                .ToListAsync())
            .ToLookup(row => row.Address);
        var bare = await ComposeBareAsync(database, database.StaticAddresses.Where(row => addresses.Contains(row.Address)));
        stages?.Passed("composed");
        // Sealing is most of the work, and each address's is its own.
        var messages = await Task.WhenAll(bare.Chunk(Math.Max(8, bare.Count / Environment.ProcessorCount)).Select(chunk => Task.Run(() => chunk
            .Select(placed => placed.Message with
            {
                SealedIdentity = identities.SealFor(placed.Address, placed.Node),
                GrantKeys = keyring.PublicKeys,
                Peers = tunnels[placed.Address.Address].Select(tunnel => Peer(tunnel, new Slot(placed.Address.Slot).InnerSubnet)).ToList(),
            }).ToList())));
        stages?.Passed("sealed");
        return messages.SelectMany(chunk => chunk).ToList();
    }

    /// <summary>Messages without keys and tunnels, ordered by address.</summary>
    internal static async Task<List<(StaticIpPlaced Message, StaticAddress Address, Node Node)>> ComposeBareAsync(
        AllocatorDbContext database, IQueryable<StaticAddress> addresses)
    {
        var rows = await addresses.AsNoTracking()
            .Join(database.Placements, address => address.Address, placement => placement.Address, (address, placement) => new { address, placement })
            .Join(database.Proxies, row => row.address.ProxyId, proxy => proxy.ProxyId, (row, proxy) => new { row.address, row.placement, proxy })
            .Join(database.Nodes, row => row.placement.NodeId, node => node.NodeId, (row, node) => new { row.address, row.placement, row.proxy, node })
            .OrderBy(row => row.address.Address)
            .ToListAsync();
        return rows.ConvertAll(row => (Bare(row.address, row.placement, row.proxy), row.address, row.node));
    }

    private static StaticIpPlaced Bare(StaticAddress address, Placement placement, Proxy proxy)
    {
        var slot = new Slot(address.Slot);
        return new StaticIpPlaced
        {
            Address = address.Address,
            Generation = placement.Generation,
            NodeId = placement.NodeId,
            PrivateAddress = placement.PrivateAddress,
            NetworkInterfaceId = placement.NetworkInterfaceId,
            AllocationId = address.AllocationId,
            ProxyId = proxy.ProxyId,
            WorkspaceId = proxy.WorkspaceId,
            ListenPort = slot.ListenPort,
            InnerSubnet = slot.InnerSubnet.ToString(),
            PortBlockSize = address.PortBlockSize,
            SealedIdentity = "",
            GrantKeys = [],
            GuaranteedMbps = proxy.GuaranteedMbps,
            CeilingMbps = proxy.CeilingMbps,
            BandwidthGeneration = proxy.BandwidthGeneration,
            FromNodeId = placement.Serving ? null : placement.PreviousNodeId,
        };
    }

    private static PlacedPeer Peer(PeerRow peer, Ipv4Prefix inner) => new()
    {
        PublicKey = peer.PublicKey,
        InnerAddresses = peer.Offsets.ConvertAll(offset => inner.AddressAt(offset).ToString()),
        Endpoint = peer.Endpoint,
        GrantedAt = peer.GrantedAt,
    };

    private sealed record PeerRow(string Address, string PublicKey, string? Endpoint, DateTimeOffset? GrantedAt, List<int> Offsets);
}
