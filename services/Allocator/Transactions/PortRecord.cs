using Microsoft.EntityFrameworkCore;
using Vprox.Addressing;
using Vprox.Allocator.Adapters.Storage;
using Vprox.Allocator.Core;

namespace Vprox.Allocator.Transactions;

/// <summary>Writes <see cref="PortLease"/> in the transaction that gives or takes a block, so that the record says what the leases say.</summary>
public static class PortRecord
{
    /// <summary>How long a block that a worker gave back goes to nobody else: the far ends of its connections may still send for as long as TIME-WAIT is
    /// long on Linux (60 s) and more.</summary>
    public static readonly TimeSpan Rest = TimeSpan.FromMinutes(2);

    /// <summary>A tunnel begins to hold inner addresses.</summary>
    public static void Begin(AllocatorDbContext database, StaticAddress address, Proxy proxy, Tunnel tunnel, IEnumerable<int> offsets, DateTimeOffset now)
    {
        var inner = new Slot(address.Slot).InnerSubnet;
        var blocks = new BlockLayout(address.PortBlockSize);
        foreach (var offset in offsets)
        {
            var ports = blocks.BlockOf(inner, inner.AddressAt(offset)) is { } block
                ? blocks.PortsOf(block)
                : AddressLayout.SharedPorts;
            database.PortLeases.Add(new PortLease
            {
                Address = address.Address,
                Offset = offset,
                FirstPort = ports.First,
                LastPort = ports.Last,
                ProxyId = proxy.ProxyId,
                WorkspaceId = proxy.WorkspaceId,
                WorkerId = tunnel.WorkerId,
                PublicKey = tunnel.PublicKey,
                From = now,
            });
        }
    }

    /// <summary>A tunnel gives inner addresses back.</summary>
    /// <param name="database">The transaction.</param>
    /// <param name="tunnel">Whose they are.</param>
    /// <param name="offsets">Which.</param>
    /// <param name="now">The time.</param>
    /// <param name="rest">How long nobody else gets them.</param>
    public static async Task EndAsync(AllocatorDbContext database, Tunnel tunnel, IReadOnlyCollection<int> offsets, DateTimeOffset now, TimeSpan rest)
    {
        foreach (var lease in await database.PortLeases
            .Where(row => row.Address == tunnel.Address && row.Until == null && row.PublicKey == tunnel.PublicKey && offsets.Contains(row.Offset)).ToListAsync())
        {
            lease.Until = now;
            lease.RestsUntil = rest > TimeSpan.Zero ? now + rest : null;
        }
    }

    /// <summary>Begins the record of what is leased and not in it: by a version of this program that kept none.</summary>
    /// <returns>How many inner addresses.</returns>
    public static async Task<int> CompleteAsync(AllocatorDbContext database, DateTimeOffset now)
    {
        var bare = await database.TunnelAddresses
            .Where(row => !database.PortLeases.Any(lease => lease.Address == row.Address && lease.Offset == row.Offset && lease.Until == null))
            .Join(database.Tunnels, row => new { row.Address, row.PublicKey }, tunnel => new { tunnel.Address, tunnel.PublicKey }, (row, tunnel) => new { row.Offset, tunnel })
            .Join(database.StaticAddresses, row => row.tunnel.Address, address => address.Address, (row, address) => new { row.Offset, row.tunnel, address })
            .Join(database.Proxies, row => row.address.ProxyId, proxy => proxy.ProxyId, (row, proxy) => new { row.Offset, row.tunnel, row.address, proxy })
            .ToListAsync();
        foreach (var row in bare)
            Begin(database, row.address, row.proxy, row.tunnel, [row.Offset], now);
        return bare.Count;
    }

    /// <summary>Tunnels end, with all that they hold.</summary>
    public static async Task EndAsync(AllocatorDbContext database, IEnumerable<Tunnel> tunnels, DateTimeOffset now)
    {
        foreach (var tunnel in tunnels)
            await EndAsync(database, tunnel, tunnel.InnerAddresses.ConvertAll(row => row.Offset), now, TimeSpan.Zero);
    }

    /// <summary>Offsets that rest, but for the tunnel that gave them back.</summary>
    public static Task<List<int>> RestingAsync(AllocatorDbContext database, string address, string publicKey, DateTimeOffset now) => database.PortLeases
        .Where(row => row.Address == address && row.RestsUntil > now && row.PublicKey != publicKey).Select(row => row.Offset).Distinct().ToListAsync();
}
