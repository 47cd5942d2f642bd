using Npgsql;
using Vprox.Allocator.Adapters.Keys;
using Vprox.Allocator.Adapters.Storage;

namespace Vprox.Allocator.Workers;

/// <summary>Before the first message: tables, pool and signing keys. A PostgreSQL server that is away is waited for.</summary>
public sealed class DatabaseStartup(Schema schema, Pool pool, GrantKeyring keyring, ILogger<DatabaseStartup> logger) : IHostedService
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
