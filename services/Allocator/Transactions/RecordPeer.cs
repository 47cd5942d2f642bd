using System.Net;
using Microsoft.EntityFrameworkCore;
using Vprox.Addressing;
using Vprox.Allocator.Adapters.Storage;
using Vprox.Allocator.Core;
using Vprox.Contracts;
using Vprox.WireGuard;

namespace Vprox.Allocator.Transactions;

/// <summary>Where tunnels are, as their nodes tell it; the next node of the address is told with its placement.</summary>
public sealed class RecordPeer(AllocatorStore store, AllocatorOptions options, TimeProvider time, ILogger<RecordPeer> logger)
{
    public async Task HandleAsync(PeerAdded added, CancellationToken cancellationToken)
    {
        if (!await store.DecideAsync(database => AddAsync(database, added), cancellationToken))
            logger.PeerReportIgnored(added.Address, added.NodeId);
    }

    public async Task HandleAsync(PeerRemoved removed, CancellationToken cancellationToken)
    {
        if (!await store.DecideAsync(database => RemoveAsync(database, removed), cancellationToken))
            logger.PeerReportIgnored(removed.Address, removed.NodeId);
    }

    private async Task<bool> AddAsync(AllocatorDbContext database, PeerAdded added)
    {
        var address = await database.StaticAddresses.Include(row => row.Placement).SingleOrDefaultAsync(row => row.Address == added.Address);
        if (address?.Placement?.NodeId != added.NodeId || !WireGuardKey.TryParse(added.PublicKey, out _))
            return false;
        var tunnel = await FindAsync(database, added.Address, added.PublicKey) ?? await AdoptAsync(database, address, added);
        if (tunnel is null || IsLate(tunnel, added.At))
            return false;
        tunnel.State = TunnelState.Connected;
        tunnel.NodeId = added.NodeId;
        tunnel.Endpoint = IPEndPoint.TryParse(added.Endpoint ?? "", out var endpoint) && endpoint.Port > 0 ? endpoint.ToString() : tunnel.Endpoint;
        tunnel.ReportedAt = added.At;
        return true;
    }

    private async Task<bool> RemoveAsync(AllocatorDbContext database, PeerRemoved removed)
    {
        // A peer that left with its address is on its way to the next node, not gone.
        if (removed.Reason == "address-left" || await FindAsync(database, removed.Address, removed.PublicKey) is not { } tunnel || IsLate(tunnel, removed.At))
            return false;
        var placement = await database.Placements.SingleOrDefaultAsync(row => row.Address == removed.Address);
        if (removed.NodeId != tunnel.NodeId && removed.NodeId != placement?.NodeId)
            return false;
        tunnel.State = TunnelState.Removed;
        tunnel.NodeId = null;
        tunnel.ReportedAt = removed.At;
        var rested = time.GetUtcNow() + PortRecord.Rest;
        if (removed.Reason == "disconnected" && rested < tunnel.LeasedUntil)
            tunnel.LeasedUntil = rested;
        return true;
    }

    // A peer that nobody here knows was granted by a database that was lost: the node is right, unless its inner addresses are leased.
    private async Task<Tunnel?> AdoptAsync(AllocatorDbContext database, StaticAddress address, PeerAdded added)
    {
        var inner = new Slot(address.Slot).InnerSubnet;
        var offsets = new List<int>();
        foreach (var text in added.InnerAddresses)
        {
            if (!Ipv4.TryParse(text, out var parsed) || !inner.Contains(parsed) || inner.OffsetOf(parsed) < 2 || inner.OffsetOf(parsed) >= inner.Count - 1)
                return null;
            offsets.Add((int)inner.OffsetOf(parsed));
        }
        if (offsets.Count == 0 || offsets.Distinct().Count() != offsets.Count
            || await database.TunnelAddresses.AnyAsync(row => row.Address == address.Address && offsets.Contains(row.Offset)))
            return null;
        var tunnel = new Tunnel
        {
            Address = address.Address,
            PublicKey = added.PublicKey,
            WorkerId = "",
            LeasedUntil = time.GetUtcNow() + options.GrantLifetime,
            InnerAddresses = offsets.ConvertAll(offset => new TunnelAddress { Address = address.Address, PublicKey = added.PublicKey, Offset = offset }),
        };
        database.Tunnels.Add(tunnel);
        if (await database.Proxies.FindAsync(address.ProxyId) is { } proxy)
            PortRecord.Begin(database, address, proxy, tunnel, offsets, time.GetUtcNow());
        return tunnel;
    }

    private static Task<Tunnel?> FindAsync(AllocatorDbContext database, string address, string publicKey) =>
        database.Tunnels.SingleOrDefaultAsync(row => row.Address == address && row.PublicKey == publicKey);

    // The database keeps milliseconds.
    private static bool IsLate(Tunnel tunnel, DateTimeOffset at) => at.ToUnixTimeMilliseconds() < tunnel.ReportedAt?.ToUnixTimeMilliseconds();
}
