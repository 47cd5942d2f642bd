using System.Data;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;

namespace Vprox.Allocator.Adapters.Storage;

/// <summary>
/// Runs decisions one after the other, across all replicas: what a decision read still holds when it is committed, and two requests for the
/// last address see each other. There are few decisions and each takes milliseconds; the tables' unique keys stand behind it.
/// </summary>
public sealed class AllocatorStore(IDbContextFactory<AllocatorDbContext> contexts, OutboxSignal outbox, FleetSignal fleet) : IDisposable
{
    private const int Attempts = 12;

    // Any number that nothing else in the database uses.
    private const long DecisionLock = 0x7670726f78;

    // Those of this process wait here, without a thread or a connection; other processes are waited for in the database. Ordinary decisions
    // stand in a line and only the first of them waits for the turn, so that an urgent one waits for two at most and not for a crowd.
    private readonly SemaphoreSlim _line = new(1);
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
        await _line.WaitAsync(cancellationToken);
        try
        {
            return await DecideUrgentlyAsync(decide, cancellationToken);
        }
        finally
        {
            _line.Release();
        }
    }

    /// <summary>As <see cref="DecideAsync"/>, before all ordinary decisions that wait: traffic is dark until it is made.</summary>
    public async Task<T> DecideUrgentlyAsync<T>(Func<AllocatorDbContext, Task<T>> decide, CancellationToken cancellationToken)
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

    /// <summary>Decides and saves in a transaction that is rolled back: nothing of it is kept or published.</summary>
    public async Task DecideAndForgetAsync(Func<AllocatorDbContext, Task> decide, CancellationToken cancellationToken)
    {
        var database = await contexts.CreateDbContextAsync(cancellationToken);
        await using var disposed = database.ConfigureAwait(false);
        await _line.WaitAsync(cancellationToken);
        try
        {
            await _turn.WaitAsync(cancellationToken);
            try
            {
                var transaction = await BeginAsync(database, cancellationToken);
                await using (transaction.ConfigureAwait(false))
                    await decide(database);
            }
            finally
            {
                _turn.Release();
            }
        }
        finally
        {
            _line.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _line.Dispose();
        _turn.Dispose();
    }

    private async Task<T> TryDecideAsync<T>(Func<AllocatorDbContext, Task<T>> decide, CancellationToken cancellationToken)
    {
        var database = await contexts.CreateDbContextAsync(cancellationToken);
        await using var disposed = database.ConfigureAwait(false);
        await _turn.WaitAsync(cancellationToken);
        try
        {
            var transaction = await BeginAsync(database, cancellationToken);
            await using var rolledBack = transaction.ConfigureAwait(false);
            var result = await decide(database);
            await database.SaveChangesAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            if (database.WroteMessages)
                outbox.Wake();
            if (database.ChangedFleet)
                fleet.Wake();
            return result;
        }
        finally
        {
            _turn.Release();
        }
    }

    private static async Task<IDbContextTransaction> BeginAsync(AllocatorDbContext database, CancellationToken cancellationToken)
    {
        // Microsoft.Data.Sqlite makes this BEGIN IMMEDIATE: the lock to write is there before the first read. PostgreSQL gives every
        // statement after the lock a fresh view (read committed), where a serializable transaction would keep the one from before it.
        var transaction = await database.Database.BeginTransactionAsync(
            database.Database.IsSqlite() ? IsolationLevel.Serializable : IsolationLevel.ReadCommitted, cancellationToken);
        if (!database.Database.IsSqlite())
            await database.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock({DecisionLock})", cancellationToken);
        return transaction;
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
