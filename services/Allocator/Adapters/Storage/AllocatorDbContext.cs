using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace Vprox.Allocator.Adapters.Storage;

/// <summary>
/// The tables. Column types are left to the provider, so that one set of migrations serves SQLite and PostgreSQL: times are integers
/// (SQLite cannot compare DateTimeOffset), lists of addresses are text.
/// </summary>
public sealed class AllocatorDbContext(DbContextOptions<AllocatorDbContext> options) : DbContext(options)
{
    public DbSet<StaticAddress> StaticAddresses => Set<StaticAddress>();

    public DbSet<Placement> Placements => Set<Placement>();

    public DbSet<Proxy> Proxies => Set<Proxy>();

    public DbSet<Node> Nodes => Set<Node>();

    public DbSet<NetworkInterface> NetworkInterfaces => Set<NetworkInterface>();

    public DbSet<Tunnel> Tunnels => Set<Tunnel>();

    public DbSet<TunnelAddress> TunnelAddresses => Set<TunnelAddress>();

    public DbSet<PortLease> PortLeases => Set<PortLease>();

    public DbSet<OutboxMessage> Outbox => Set<OutboxMessage>();

    public DbSet<SigningKey> SigningKeys => Set<SigningKey>();

    /// <summary>Messages were written into the outbox with this context.</summary>
    public bool WroteMessages { get; private set; }

    /// <summary>A node, one of its ENIs or a placement was changed with this context.</summary>
    public bool ChangedFleet { get; private set; }

    /// <summary>
    /// The newest generation given to any address, saved or not. The next decision's is one more: generations grow over all addresses, so that
    /// whoever knows one snapshot can tell every older word from a newer one, also about an address that it has never heard of.
    /// </summary>
    public async Task<long> NewestGenerationAsync(CancellationToken cancellationToken = default)
    {
        var saved = await StaticAddresses.MaxAsync(row => (long?)row.Generation, cancellationToken) ?? 0;
        return ChangeTracker.Entries<StaticAddress>().Aggregate(saved, (newest, entry) => Math.Max(newest, entry.Entity.Generation));
    }

    public override async Task<int> SaveChangesAsync(bool acceptAllChangesOnSuccess, CancellationToken cancellationToken = default)
    {
        foreach (var entry in ChangeTracker.Entries().Where(entry => entry.State is not (EntityState.Unchanged or EntityState.Detached)))
        {
            WroteMessages |= entry is { Entity: OutboxMessage, State: EntityState.Added };
            ChangedFleet |= entry.Entity is Node or NetworkInterface or Placement;
        }
        return await base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken);
    }

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder) =>
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<UnixMilliseconds>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<StaticAddress>(table =>
        {
            table.HasKey(row => row.Address);
            table.HasIndex(row => row.Slot).IsUnique();
            table.HasIndex(row => row.ProxyId);
            table.HasIndex(row => row.Generation);
            table.HasIndex(row => new { row.Region, row.State });
            // Two requests that chose the same free address: the second update finds another owner and is tried again.
            table.Property(row => row.ProxyId).IsConcurrencyToken();
            table.Property(row => row.State).HasConversion<string>();
            table.HasOne<Proxy>().WithMany().HasForeignKey(row => row.ProxyId).OnDelete(DeleteBehavior.Restrict);
            table.HasOne(row => row.Placement).WithOne().HasForeignKey<Placement>(row => row.Address).OnDelete(DeleteBehavior.Restrict);
        });
        modelBuilder.Entity<Placement>(table =>
        {
            table.HasKey(row => row.Address);
            table.HasIndex(row => row.NodeId);
            table.HasIndex(row => new { row.SubnetId, row.PrivateAddress }).IsUnique();
            table.Property(row => row.Generation).IsConcurrencyToken();
        });
        modelBuilder.Entity<Proxy>(table =>
        {
            table.HasKey(row => row.ProxyId);
            table.Property(row => row.State).HasConversion<string>();
        });
        modelBuilder.Entity<Node>(table =>
        {
            table.HasKey(row => row.NodeId);
            table.HasMany(row => row.NetworkInterfaces).WithOne().HasForeignKey(row => row.NodeId).OnDelete(DeleteBehavior.Cascade);
        });
        modelBuilder.Entity<NetworkInterface>(table =>
        {
            table.HasKey(row => row.NetworkInterfaceId);
            table.Property(row => row.SecondaryAddresses).HasConversion(
                addresses => string.Join(',', addresses),
                text => text.Split(',', StringSplitOptions.RemoveEmptyEntries),
                new ValueComparer<IReadOnlyList<string>>(
                    (a, b) => a!.SequenceEqual(b!), list => list.Count, list => list.ToArray()));
        });
        modelBuilder.Entity<Tunnel>(table =>
        {
            table.HasKey(row => new { row.Address, row.PublicKey });
            table.Property(row => row.State).HasConversion<string>();
            table.HasOne<StaticAddress>().WithMany().HasForeignKey(row => row.Address).OnDelete(DeleteBehavior.Restrict);
            table.HasMany(row => row.InnerAddresses).WithOne().HasForeignKey(row => new { row.Address, row.PublicKey }).OnDelete(DeleteBehavior.Cascade);
        });
        modelBuilder.Entity<TunnelAddress>(table => table.HasKey(row => new { row.Address, row.Offset }));
        modelBuilder.Entity<PortLease>(table =>
        {
            table.HasKey(row => row.Id);
            table.HasIndex(row => new { row.Address, row.Offset, row.From });
            table.HasIndex(row => row.Until);
        });
        modelBuilder.Entity<OutboxMessage>(table => table.HasKey(row => row.Id));
        modelBuilder.Entity<SigningKey>(table => table.HasKey(row => row.KeyId));
    }

    private sealed class UnixMilliseconds() : ValueConverter<DateTimeOffset, long>(
        time => time.ToUnixTimeMilliseconds(), number => DateTimeOffset.FromUnixTimeMilliseconds(number));
}
