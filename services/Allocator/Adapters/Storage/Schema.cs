using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace Vprox.Allocator.Adapters.Storage;

/// <summary>Brings the tables to the version of this program.</summary>
public sealed class Schema(IDbContextFactory<AllocatorDbContext> contexts)
{
    public async Task MigrateAsync(CancellationToken cancellationToken)
    {
        var database = await contexts.CreateDbContextAsync(cancellationToken);
        await using var disposed = database.ConfigureAwait(false);
        if (database.Database.IsSqlite())
            MakeFolder(database.Database.GetConnectionString());
        if (!(await database.Database.GetPendingMigrationsAsync(cancellationToken)).Any())
            return;
        if (database.Database.IsSqlite())
            await RemoveAbandonedLockAsync(database, cancellationToken);
        await database.Database.MigrateAsync(cancellationToken);
    }

    private static void MakeFolder(string? connectionString)
    {
        var file = new SqliteConnectionStringBuilder(connectionString).DataSource;
        if (Path.GetDirectoryName(Path.GetFullPath(file)) is { } folder)
            Directory.CreateDirectory(folder);
    }

    // On SQLite EF's migration lock is a row: a process that was killed in the middle of a migration leaves it, and every later start would wait
    // for ever (learn.microsoft.com, "SQLite limitations", "Concurrent migrations protection"). A migration here takes well under a second.
    private static async Task RemoveAbandonedLockAsync(AllocatorDbContext database, CancellationToken cancellationToken)
    {
        var exists = await database.Database
            .SqlQuery<int>($"""SELECT COUNT(*) AS "Value" FROM sqlite_master WHERE name = '__EFMigrationsLock'""").SingleAsync(cancellationToken);
        if (exists > 0)
        {
            await database.Database.ExecuteSqlAsync(
                $"""DELETE FROM "__EFMigrationsLock" WHERE julianday("Timestamp") < julianday('now', '-1 minute')""", cancellationToken);
        }
    }
}
