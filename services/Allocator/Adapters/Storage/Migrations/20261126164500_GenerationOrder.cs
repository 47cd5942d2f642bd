using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Vprox.Allocator.Adapters.Storage.Migrations;

/// <summary>Generations grow over all addresses: every decision asks for the newest. What was given before stays below the next one.</summary>
[DbContext(typeof(AllocatorDbContext))]
[Migration("20261126164500_GenerationOrder")]
internal sealed class GenerationOrder : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) =>
        migrationBuilder.CreateIndex(name: "IX_StaticAddresses_Generation", table: "StaticAddresses", column: "Generation");

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.DropIndex(name: "IX_StaticAddresses_Generation", table: "StaticAddresses");
}
