using System.Data;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Vprox.Allocator.Adapters.Storage;

/// <summary>
/// Runs decisions one after the other, across all replicas: what a decision read still holds when it is committed, and two requests for the
/// last address see each other. There are few decisions and each takes milliseconds; the tables' unique keys stand behind it.
/// </summary>
public sealed class AllocatorStore(IDbContextFactory<AllocatorDbContext> contexts, OutboxSignal outbox) : IDisposable
{
    private const int Attempts = 12;

    // Any number that nothing else in the database uses.
    private const long DecisionLock = 0x7670726f78;

    // Those of this process wait here: fairly, and without a thread or a connection. Other processes are waited for in the database.
    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>Reads without locking anyone out.</summary>
    public async Task<T> ReadAsync<T>(Func<AllocatorDbContext, Task<T>> read, CancellationToken cancellationToken)
    {
        var database = await contexts.CreateDbContextAsync(cancellationToken);
        await using (database.ConfigureAwait(false))
            return await read(database);
    }

    /// <summary>Decides, saves and commits; messages the decision put into the outbox are published from then on.</summary>
    /// <param name="decide">May run several times, each time on a fresh context: it must have no other effect than on that.</param>
    /// <param name="cancellationToken">Ends the wait; what is committed stays.</param>
    public async Task<T> DecideAsync<T>(Func<AllocatorDbContext, Task<T>> decide, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await TryDecideAsync(decide, cancellationToken);
            }
            catch (Exception e) when (attempt < Attempts && IsConflict(e))
            {
                await Task.Delay(Random.Shared.Next(1, 20 * attempt), cancellationToken);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose();

    private async Task<T> TryDecideAsync<T>(Func<AllocatorDbContext, Task<T>> decide, CancellationToken cancellationToken)
    {
        var database = await contexts.CreateDbContextAsync(cancellationToken);
        await using var disposed = database.ConfigureAwait(false);
        await _turn.WaitAsync(cancellationToken);
        try
        {
            // Microsoft.Data.Sqlite makes this BEGIN IMMEDIATE: the lock to write is there before the first read. PostgreSQL gives every
            // statement after the lock a fresh view (read committed), where a serializable transaction would keep the one from before it.
            var transaction = await database.Database.BeginTransactionAsync(
                database.Database.IsSqlite() ? IsolationLevel.Serializable : IsolationLevel.ReadCommitted, cancellationToken);
            await using var rolledBack = transaction.ConfigureAwait(false);
            if (!database.Database.IsSqlite())
                await database.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock({DecisionLock})", cancellationToken);
            var result = await decide(database);
            var publishes = database.ChangeTracker.Entries<OutboxMessage>().Any(entry => entry.State == EntityState.Added);
            await database.SaveChangesAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            if (publishes)
                outbox.Wake();
            return result;
        }
        finally
        {
            _turn.Release();
        }
    }

    private static bool IsConflict(Exception e) => e switch
    {
        DbUpdateConcurrencyException => true,
        // Busy, locked, constraint (sqlite.org/rescode.html).
        SqliteException { SqliteErrorCode: 5 or 6 or 19 } => true,
        // Serialization failure, deadlock, unique violation (PostgreSQL manual, appendix A).
        PostgresException { SqlState: "40001" or "40P01" or "23505" } => true,
        { InnerException: { } inner } => IsConflict(inner),
        _ => false,
    };
}
