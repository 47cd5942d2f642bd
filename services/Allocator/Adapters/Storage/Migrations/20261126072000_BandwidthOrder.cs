using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Vprox.Allocator.Adapters.Storage.Migrations;

/// <summary>A proxy's bandwidth may change: what orders the requests, and what orders the changes for nodes.</summary>
[DbContext(typeof(AllocatorDbContext))]
[Migration("20261126072000_BandwidthOrder")]
internal sealed class BandwidthOrder : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.AddColumn<long>(name: "Revision", table: "Proxies", nullable: false, defaultValue: 0L);
        migrationBuilder.AddColumn<long>(name: "BandwidthGeneration", table: "Proxies", nullable: false, defaultValue: 0L);
    }

    protected override void Down(MigrationBuilder migrationBuilder)
    {
        // EF would make the table anew on SQLite, for which it needs a model; SQLite since 3.35 drops columns itself, in PostgreSQL's words.
        migrationBuilder.Sql("ALTER TABLE \"Proxies\" DROP COLUMN \"Revision\"");
        migrationBuilder.Sql("ALTER TABLE \"Proxies\" DROP COLUMN \"BandwidthGeneration\"");
    }
}
