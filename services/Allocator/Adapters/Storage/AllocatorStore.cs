using System.Data;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Vprox.Allocator.Adapters.Storage;

/// <summary>
/// Runs decisions as serializable transactions: what was read still holds when it is committed, or the decision is made again. Two
/// requests for the last address therefore see each other, in one process or in two.
/// </summary>
public sealed class AllocatorStore(IDbContextFactory<AllocatorDbContext> contexts, OutboxSignal outbox) : IDisposable
{
    private const int Attempts = 12;

    // SQLite has one writer at a time. Waiting here is fair and blocks no thread; waiting in SQLite polls and does. Other processes are
    // still waited for there.
    private readonly SemaphoreSlim _writer = new(1);

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
    public void Dispose() => _writer.Dispose();

    private async Task<T> TryDecideAsync<T>(Func<AllocatorDbContext, Task<T>> decide, CancellationToken cancellationToken)
    {
        var database = await contexts.CreateDbContextAsync(cancellationToken);
        await using var disposed = database.ConfigureAwait(false);
        var alone = database.Database.IsSqlite();
        if (alone)
            await _writer.WaitAsync(cancellationToken);
        try
        {
            // Microsoft.Data.Sqlite makes this BEGIN IMMEDIATE, so the lock to write is there before the first read.
            var transaction = await database.Database.BeginTransactionAsync(IsolationLevel.Serializable, cancellationToken);
            await using var rolledBack = transaction.ConfigureAwait(false);
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
            if (alone)
                _writer.Release();
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
