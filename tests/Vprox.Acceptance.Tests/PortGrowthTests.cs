using System.Net;
using System.Text.Json;
using Vprox.Lab.Topology;

namespace Vprox.Acceptance.Tests;

/// <summary>A tunnel that needs more ports than it began with.</summary>
public sealed class PortGrowthTests(SharedLab shared) : AcceptanceTest(shared)
{
    /// <summary>To one destination; the two blocks of a new tunnel have 512 ports.</summary>
    private const int Connections = 700;

    private const int PerSecond = 100;

    private static readonly TimeSpan Recovery = TimeSpan.FromSeconds(45);

    [Fact]
    public async Task Connections_on_blocks_that_came_later_live_on_when_their_node_dies_and_the_record_names_the_tunnel_that_held_them()
    {
        var (proxy, address) = await ProxyAsync();
        await RouteAsync(Worker.Containers[0], proxy);
        using var connections = new HeldConnections(Worker.Containers[0]);
        Assert.Equal(Connections, await connections.OpenAsync(Connections, PerSecond));
        var tunnel = await TunnelOfWorker.ReadAsync(Worker, address);
        Assert.True(tunnel.Blocks.Count > 3, $"{tunnel.Blocks.Count} blocks");
        await RecordedAsync(address, tunnel.Blocks[^1].First, proxy);

        var dead = await NodeOfAsync(address);
        await dead.KillAsync();
        try
        {
            Assert.Equal(Connections, await connections.AliveAsync(Recovery));
            Assert.NotEqual(dead.Name, (await NodeOfAsync(address)).Name);
        }
        finally
        {
            dead.Revive();
            await Lab.AllReadyAsync();
        }
    }

    private async Task RecordedAsync(IPAddress address, int port, string proxy)
    {
        var page = await Lab.Control.Http.GetStringAsync($"http://127.0.0.1:{LabPlan.HealthPort}/ports?address={address}&port={port}");
        var holder = Assert.Single(JsonDocument.Parse(page).RootElement.GetProperty("holders").EnumerateArray());
        Assert.Equal((Worker.WorkerId, proxy), (holder.GetProperty("workerId").GetString(), holder.GetProperty("proxyId").GetString()));
    }
}
