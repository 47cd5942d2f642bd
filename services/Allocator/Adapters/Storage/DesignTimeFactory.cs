using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace Vprox.Allocator.Adapters.Storage;

/// <summary>What dotnet-ef makes migrations with. Column types are struck from its output by hand: see <see cref="AllocatorDbContext"/>.</summary>
internal sealed class DesignTimeFactory : IDesignTimeDbContextFactory<AllocatorDbContext>
{
    public AllocatorDbContext CreateDbContext(string[] args)
    {
        var context = new DbContextOptionsBuilder<AllocatorDbContext>();
        AllocatorServices.Use(context, new AllocatorOptions { Database = "Data Source=:memory:" });
        return new AllocatorDbContext(context.Options);
    }
}
