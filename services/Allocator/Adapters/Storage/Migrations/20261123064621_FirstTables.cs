using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

#nullable disable

namespace Vprox.Allocator.Adapters.Storage.Migrations;

/// <summary>The tables of the first release. Column types are the provider's own.</summary>
[DbContext(typeof(AllocatorDbContext))]
[Migration("20261123064621_FirstTables")]
internal sealed class FirstTables : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.CreateTable(
            name: "Nodes",
            columns: table => new
            {
                NodeId = table.Column<string>(nullable: false),
                InstanceId = table.Column<string>(nullable: false),
                Region = table.Column<string>(nullable: false),
                SealingPublicKey = table.Column<string>(nullable: false),
                ProbeUrl = table.Column<string>(nullable: false),
                AgentVersion = table.Column<string>(nullable: false),
                StartedAt = table.Column<long>(nullable: false),
                LastSeenAt = table.Column<long>(nullable: false),
                Unhealthy = table.Column<bool>(nullable: false),
                Draining = table.Column<bool>(nullable: false),
                Cordoned = table.Column<bool>(nullable: false),
                JudgedAt = table.Column<long>(nullable: true)
            },
            constraints: table =>
            {
                table.PrimaryKey("PK_Nodes", x => x.NodeId);
            });

        migrationBuilder.CreateTable(
            name: "Outbox",
            columns: table => new
            {
                Id = table.Column<long>(nullable: false)
                    .Annotation("Sqlite:Autoincrement", true)
                    .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                OrderingKey = table.Column<string>(nullable: false),
                Type = table.Column<string>(nullable: false),
                Body = table.Column<string>(nullable: false)
            },
            constraints: table =>
            {
                table.PrimaryKey("PK_Outbox", x => x.Id);
            });

        migrationBuilder.CreateTable(
            name: "Proxies",
            columns: table => new
            {
                ProxyId = table.Column<string>(nullable: false),
                WorkspaceId = table.Column<string>(nullable: false),
                Region = table.Column<string>(nullable: false),
                AddressCount = table.Column<int>(nullable: false),
                GuaranteedMbps = table.Column<int>(nullable: true),
                CeilingMbps = table.Column<int>(nullable: true),
                State = table.Column<string>(nullable: false),
                ReleasedAt = table.Column<long>(nullable: true)
            },
            constraints: table =>
            {
                table.PrimaryKey("PK_Proxies", x => x.ProxyId);
            });

        migrationBuilder.CreateTable(
            name: "SigningKeys",
            columns: table => new
            {
                KeyId = table.Column<string>(nullable: false),
                EncryptedKey = table.Column<byte[]>(nullable: false),
                CreatedAt = table.Column<long>(nullable: false)
            },
            constraints: table =>
            {
                table.PrimaryKey("PK_SigningKeys", x => x.KeyId);
            });

        migrationBuilder.CreateTable(
            name: "NetworkInterfaces",
            columns: table => new
            {
                NetworkInterfaceId = table.Column<string>(nullable: false),
                NodeId = table.Column<string>(nullable: false),
                SubnetId = table.Column<string>(nullable: false),
                SubnetCidr = table.Column<string>(nullable: false),
                PrimaryAddress = table.Column<string>(nullable: false),
                SecondaryAddresses = table.Column<string>(nullable: false),
                SecondaryCapacity = table.Column<int>(nullable: false)
            },
            constraints: table =>
            {
                table.PrimaryKey("PK_NetworkInterfaces", x => x.NetworkInterfaceId);
                table.ForeignKey(
                    name: "FK_NetworkInterfaces_Nodes_NodeId",
                    column: x => x.NodeId,
                    principalTable: "Nodes",
                    principalColumn: "NodeId",
                    onDelete: ReferentialAction.Cascade);
            });

        migrationBuilder.CreateTable(
            name: "StaticAddresses",
            columns: table => new
            {
                Address = table.Column<string>(nullable: false),
                Region = table.Column<string>(nullable: false),
                AllocationId = table.Column<string>(nullable: false),
                Slot = table.Column<int>(nullable: false),
                InPool = table.Column<bool>(nullable: false),
                State = table.Column<string>(nullable: false),
                ProxyId = table.Column<string>(nullable: true),
                Ordinal = table.Column<int>(nullable: false),
                Generation = table.Column<long>(nullable: false),
                QuarantinedUntil = table.Column<long>(nullable: true),
                EncryptedIdentity = table.Column<byte[]>(nullable: false),
                ServerPublicKey = table.Column<string>(nullable: false),
                TlsPin = table.Column<string>(nullable: false)
            },
            constraints: table =>
            {
                table.PrimaryKey("PK_StaticAddresses", x => x.Address);
                table.ForeignKey(
                    name: "FK_StaticAddresses_Proxies_ProxyId",
                    column: x => x.ProxyId,
                    principalTable: "Proxies",
                    principalColumn: "ProxyId",
                    onDelete: ReferentialAction.Restrict);
            });

        migrationBuilder.CreateTable(
            name: "Placements",
            columns: table => new
            {
                Address = table.Column<string>(nullable: false),
                Generation = table.Column<long>(nullable: false),
                NodeId = table.Column<string>(nullable: false),
                PreviousNodeId = table.Column<string>(nullable: true),
                NetworkInterfaceId = table.Column<string>(nullable: false),
                SubnetId = table.Column<string>(nullable: false),
                PrivateAddress = table.Column<string>(nullable: false),
                Serving = table.Column<bool>(nullable: false),
                PublishedAt = table.Column<long>(nullable: false)
            },
            constraints: table =>
            {
                table.PrimaryKey("PK_Placements", x => x.Address);
                table.ForeignKey(
                    name: "FK_Placements_StaticAddresses_Address",
                    column: x => x.Address,
                    principalTable: "StaticAddresses",
                    principalColumn: "Address",
                    onDelete: ReferentialAction.Restrict);
            });

        migrationBuilder.CreateTable(
            name: "Tunnels",
            columns: table => new
            {
                Address = table.Column<string>(nullable: false),
                PublicKey = table.Column<string>(nullable: false),
                WorkerId = table.Column<string>(nullable: false),
                LeasedUntil = table.Column<long>(nullable: false),
                State = table.Column<string>(nullable: false),
                NodeId = table.Column<string>(nullable: true),
                Endpoint = table.Column<string>(nullable: true),
                ReportedAt = table.Column<long>(nullable: true)
            },
            constraints: table =>
            {
                table.PrimaryKey("PK_Tunnels", x => new { x.Address, x.PublicKey });
                table.ForeignKey(
                    name: "FK_Tunnels_StaticAddresses_Address",
                    column: x => x.Address,
                    principalTable: "StaticAddresses",
                    principalColumn: "Address",
                    onDelete: ReferentialAction.Restrict);
            });

        migrationBuilder.CreateTable(
            name: "TunnelAddresses",
            columns: table => new
            {
                Address = table.Column<string>(nullable: false),
                Offset = table.Column<int>(nullable: false),
                PublicKey = table.Column<string>(nullable: false)
            },
            constraints: table =>
            {
                table.PrimaryKey("PK_TunnelAddresses", x => new { x.Address, x.Offset });
                table.ForeignKey(
                    name: "FK_TunnelAddresses_Tunnels_Address_PublicKey",
                    columns: x => new { x.Address, x.PublicKey },
                    principalTable: "Tunnels",
                    principalColumns: new[] { "Address", "PublicKey" },
                    onDelete: ReferentialAction.Cascade);
            });

        migrationBuilder.CreateIndex(
            name: "IX_NetworkInterfaces_NodeId",
            table: "NetworkInterfaces",
            column: "NodeId");

        migrationBuilder.CreateIndex(
            name: "IX_Placements_NodeId",
            table: "Placements",
            column: "NodeId");

        migrationBuilder.CreateIndex(
            name: "IX_Placements_SubnetId_PrivateAddress",
            table: "Placements",
            columns: new[] { "SubnetId", "PrivateAddress" },
            unique: true);

        migrationBuilder.CreateIndex(
            name: "IX_StaticAddresses_ProxyId",
            table: "StaticAddresses",
            column: "ProxyId");

        migrationBuilder.CreateIndex(
            name: "IX_StaticAddresses_Region_State",
            table: "StaticAddresses",
            columns: new[] { "Region", "State" });

        migrationBuilder.CreateIndex(
            name: "IX_StaticAddresses_Slot",
            table: "StaticAddresses",
            column: "Slot",
            unique: true);

        migrationBuilder.CreateIndex(
            name: "IX_TunnelAddresses_Address_PublicKey",
            table: "TunnelAddresses",
            columns: new[] { "Address", "PublicKey" });
    }

    protected override void Down(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.DropTable(
            name: "NetworkInterfaces");

        migrationBuilder.DropTable(
            name: "Outbox");

        migrationBuilder.DropTable(
            name: "Placements");

        migrationBuilder.DropTable(
            name: "SigningKeys");

        migrationBuilder.DropTable(
            name: "TunnelAddresses");

        migrationBuilder.DropTable(
            name: "Nodes");

        migrationBuilder.DropTable(
            name: "Tunnels");

        migrationBuilder.DropTable(
            name: "StaticAddresses");

        migrationBuilder.DropTable(
            name: "Proxies");
    }
}
