using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

#nullable disable

namespace Vprox.Allocator.Adapters.Storage.Migrations;

/// <summary>Who held which ports, the order of a tunnel's grants, and the size of blocks per address. Column types are the provider's own.</summary>
[DbContext(typeof(AllocatorDbContext))]
[Migration("20261126070000_PortLeases")]
internal sealed class PortLeases : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.AddColumn<int>(
            name: "PortBlockSize",
            table: "StaticAddresses",
            nullable: false,
            defaultValue: 256);

        migrationBuilder.AddColumn<long>(
            name: "GrantedAt",
            table: "Tunnels",
            nullable: true);

        migrationBuilder.CreateTable(
            name: "PortLeases",
            columns: table => new
            {
                Id = table.Column<long>(nullable: false)
                    .Annotation("Sqlite:Autoincrement", true)
                    .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                Address = table.Column<string>(nullable: false),
                Offset = table.Column<int>(nullable: false),
                FirstPort = table.Column<int>(nullable: false),
                LastPort = table.Column<int>(nullable: false),
                ProxyId = table.Column<string>(nullable: false),
                WorkspaceId = table.Column<string>(nullable: false),
                WorkerId = table.Column<string>(nullable: false),
                PublicKey = table.Column<string>(nullable: false),
                From = table.Column<long>(nullable: false),
                Until = table.Column<long>(nullable: true),
                RestsUntil = table.Column<long>(nullable: true)
            },
            constraints: table =>
            {
                table.PrimaryKey("PK_PortLeases", x => x.Id);
            });

        migrationBuilder.CreateIndex(
            name: "IX_PortLeases_Address_Offset_From",
            table: "PortLeases",
            columns: new[] { "Address", "Offset", "From" });

        migrationBuilder.CreateIndex(
            name: "IX_PortLeases_Until",
            table: "PortLeases",
            column: "Until");
    }

    protected override void Down(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.DropTable(
            name: "PortLeases");

        // EF would copy the whole table on SQLite, which has had this statement since 3.35.
        migrationBuilder.Sql("""ALTER TABLE "Tunnels" DROP COLUMN "GrantedAt" """);

        migrationBuilder.Sql("""ALTER TABLE "StaticAddresses" DROP COLUMN "PortBlockSize" """);
    }
}
