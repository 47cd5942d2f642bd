using Microsoft.EntityFrameworkCore;
using Vprox.Allocator.Adapters.Storage;

namespace Vprox.Allocator.Transactions;

/// <summary>Who held a port of a static address at a time.</summary>
public sealed class ReadPortHolders(AllocatorStore store)
{
    /// <summary>One lease for a port of a block; several for one of the shared ports; none when nobody held it, or it is forgotten.</summary>
    public Task<List<PortLease>> ReadAsync(string address, int port, DateTimeOffset at, CancellationToken cancellationToken) => store.ReadAsync(
        database => database.PortLeases.AsNoTracking()
            .Where(row => row.Address == address && row.FirstPort <= port && row.LastPort >= port && row.From <= at && (row.Until == null || row.Until > at))
            .OrderBy(row => row.From).ThenBy(row => row.Id)
            .ToListAsync(cancellationToken),
        cancellationToken);
}
