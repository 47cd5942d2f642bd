using Microsoft.EntityFrameworkCore;
using Vprox.Allocator.Adapters.Keys;

namespace Vprox.Allocator.Adapters.Storage;

/// <summary>Brings the addresses of the options into the database: new ones get a slot and an identity for life.</summary>
public sealed class Pool(AllocatorStore store, StoredIdentities identities, AllocatorOptions options)
{
    /// <summary>Returns how many addresses entered and how many left the pool.</summary>
    public Task<(int Entered, int Left)> EnterAsync(CancellationToken cancellationToken) => store.DecideAsync(
        async database =>
        {
            var known = await database.StaticAddresses.ToDictionaryAsync(row => row.Address, cancellationToken);
            var configured = options.Regions.SelectMany(region => region.ElasticIps.Select(ip => (Ip: ip, region.Name))).ToList();
            var nextSlot = known.Values.Select(row => row.Slot).DefaultIfEmpty(-1).Max() + 1;
            var entered = 0;
            foreach (var (ip, region) in configured)
            {
                if (!known.Remove(ip.Address, out var row))
                {
                    database.StaticAddresses.Add(identities.Make(ip.Address, region, ip.AllocationId, nextSlot++));
                    entered++;
                    continue;
                }
                row.InPool = true;
                row.AllocationId = ip.AllocationId;
                row.Region = row.State == StaticAddressState.Allocated ? row.Region : region;
            }
            var left = known.Values.Where(row => row.InPool).ToList();
            left.ForEach(row => row.InPool = false);
            return (entered, left.Count);
        },
        cancellationToken);
}
