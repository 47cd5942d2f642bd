using Microsoft.EntityFrameworkCore;
using Vprox.Allocator.Adapters.Storage;
using Vprox.Contracts;

namespace Vprox.Allocator.Transactions;

/// <summary>Makes ProxyReady of what the database says.</summary>
internal static class ProxyMessages
{
    public static async Task<ProxyReady> ReadyAsync(AllocatorDbContext database, Proxy proxy) => new()
    {
        ProxyId = proxy.ProxyId,
        WorkspaceId = proxy.WorkspaceId,
        Region = proxy.Region,
        Addresses = await database.StaticAddresses.Where(address => address.ProxyId == proxy.ProxyId).OrderBy(address => address.Ordinal)
            .Select(address => new ProxyAddress { Address = address.Address, Endpoint = "https://" + address.Address })
            .ToListAsync(),
    };
}
