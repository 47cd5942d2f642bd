using Microsoft.EntityFrameworkCore;
using Vprox.Allocator.Adapters.Keys;
using Vprox.Allocator.Adapters.Storage;
using Vprox.Allocator.Transactions;
using Vprox.Allocator.Watch;
using Vprox.Allocator.Workers;
using Vprox.Identity;

namespace Vprox.Allocator;

/// <summary>Registers what the Allocator is made of, without the bus.</summary>
public static class AllocatorServices
{
    /// <summary>Storage, keys and transactions.</summary>
    public static IServiceCollection AddAllocator(this IServiceCollection services, AllocatorOptions options)
    {
        services.AddDbContextFactory<AllocatorDbContext>(context => Use(context, options));
        services.AddSingleton(_ => KeyEncryption.FromFile(options.KeyFile));
        services.AddSingleton<AllocatorStore>();
        services.AddSingleton<OutboxSignal>();
        services.AddSingleton<FleetSignal>();
        services.AddSingleton<Schema>();
        services.AddSingleton<Pool>();
        services.AddSingleton<StoredIdentities>();
        services.AddSingleton<GrantKeyring>();
        services.AddSingleton<PlacementMessages>();
        services.AddSingleton<MoveAddresses>();
        services.AddSingleton<StrandedAddresses>();
        services.AddSingleton<DrainedNodes>();
        services.AddSingleton<RequestProxy>();
        services.AddSingleton<ReleaseProxy>();
        services.AddSingleton<ConfirmServing>();
        services.AddSingleton<RecordNode>();
        services.AddSingleton<JudgeNode>();
        services.AddSingleton<IssueGrant>();
        services.AddSingleton<RecordPeer>();
        services.AddSingleton<ReadSnapshot>();
        services.AddSingleton<ReadPortHolders>();
        services.AddSingleton<Reconcile>();
        services.AddSingleton<RebalanceFleet>();
        services.AddSingleton<RehearseDeath>();
        services.AddSingleton<FleetState>();
        return services;
    }

    /// <summary>The loops, in the order they start: no message is taken before the database is ready.</summary>
    public static IServiceCollection AddAllocatorWorkers(this IServiceCollection services) => services
        .AddHostedService<DatabaseStartup>()
        .AddHostedService<OutboxDispatcher>()
        .AddHostedService<ReconcileLoop>()
        .AddHostedService<FleetWatch>()
        .AddHostedService<FleetMetrics>();

    internal static void Use(DbContextOptionsBuilder context, AllocatorOptions options)
    {
        if (options.Provider == DatabaseProvider.PostgreSql)
            context.UseNpgsql(options.Database);
        else
            context.UseSqlite(options.Database).AddInterceptors(new SqlitePragmas());
    }
}
