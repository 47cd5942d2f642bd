using Npgsql;
using Vprox.Allocator.Adapters.Keys;
using Vprox.Allocator.Adapters.Storage;
using Vprox.Allocator.Transactions;

namespace Vprox.Allocator.Workers;

/// <summary>Before the first message: tables, pool, signing keys and the record of ports. A PostgreSQL server that is away is waited for.</summary>
public sealed class DatabaseStartup(
    Schema schema, Pool pool, GrantKeyring keyring, AllocatorStore store, TimeProvider time, ILogger<DatabaseStartup> logger) : IHostedService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        for (var said = false; ; said = true)
        {
            try
            {
                await schema.MigrateAsync(cancellationToken);
                var (entered, left) = await pool.EnterAsync(cancellationToken);
                await keyring.LoadAsync(cancellationToken);
                await store.DecideAsync(database => PortRecord.CompleteAsync(database, time.GetUtcNow()), cancellationToken);
                logger.DatabaseReady(entered, left);
                return;
            }
            catch (NpgsqlException e) when (e.IsTransient)
            {
                if (!said)
                    logger.DatabaseAway(e.Message);
                await Task.Delay(Pause, cancellationToken);
            }
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
