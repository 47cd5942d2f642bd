using System.Text.Json;
using Vprox.Contracts;

namespace Vprox.Allocator.Tests.Bus;

[Collection(BrokerFixture.Name)]
public sealed class FleetPageTests(BrokerFixture broker)
{
    [Fact]
    public async Task The_fleet_and_its_invariant_are_read_from_the_health_listener_as_JSON_and_as_metrics()
    {
        await using var running = await RunningAllocator.StartAsync(broker.Uri, addresses: 2);
        await running.Publisher.PublishAsync(AllocatorOnTheBusTests.Node, CancellationToken.None);
        await AllocatorOnTheBusTests.JoinedAsync(running);
        await running.Publisher.PublishAsync(
            new ProxyRequested { ProxyId = "p-1", WorkspaceId = "ws-1", AddressCount = 2 }, CancellationToken.None);
        var placed = await running.NextAsync<StaticIpPlaced>();

        var page = await UntilAsync(running, "/fleet", text => text.Contains("\"addresses\": 2", StringComparison.Ordinal));
        using var json = JsonDocument.Parse(page);
        var region = json.RootElement.GetProperty("regions")[0];
        Assert.False(region.GetProperty("anyNodeMayDie").GetBoolean());
        Assert.Equal(27, region.GetProperty("subnets")[0].GetProperty("freeSeats").GetInt32());
        var node = region.GetProperty("nodes")[0];
        Assert.Equal(("i-a", 29, false), (node.GetProperty("nodeId").GetString(), node.GetProperty("capacity").GetInt32(), node.GetProperty("mayDie").GetBoolean()));
        Assert.Contains("add nodes with 2 more free seats", node.GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Equal(2, node.GetProperty("ifItDied").GetProperty("withoutPlace").GetInt32());
        Assert.DoesNotContain(placed.SealedIdentity, page, StringComparison.Ordinal);

        var metrics = await UntilAsync(running, "/metrics", text => text.Contains("vprox_allocator_addresses_without_place{", StringComparison.Ordinal));
        var lines = metrics.Split('\n');
        Assert.Contains(lines, line => line.StartsWith("vprox_allocator_any_node_may_die{", StringComparison.Ordinal) && line.Contains("} 0", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("vprox_allocator_addresses_without_place{", StringComparison.Ordinal)
            && line.Contains("node=\"i-a\"", StringComparison.Ordinal) && line.Contains("} 2", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("vprox_allocator_free_seats{", StringComparison.Ordinal) && line.Contains("} 27", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Who_holds_a_port_is_read_from_the_health_listener_and_a_wrong_question_is_told_what_is_wrong()
    {
        await using var running = await RunningAllocator.StartAsync(broker.Uri, addresses: 1);
        using var nobody = JsonDocument.Parse(await running.GetAsync("/ports?address=192.0.2.1&port=45000&at=2026-11-26T08:00:00Z"));
        Assert.Equal((0, true), (nobody.RootElement.GetProperty("holders").GetArrayLength(), nobody.RootElement.GetProperty("shared").GetBoolean()));
        foreach (var query in new[] { "port=1", "address=192.0.2.1&port=0", "address=192.0.2.1&port=80&at=yesterday", "address=192.0.2.1&port=80&at=2026-11-26" })
        {
            var refused = await Assert.ThrowsAsync<HttpRequestException>(() => running.GetAsync($"/ports?{query}"));
            Assert.Equal(System.Net.HttpStatusCode.BadRequest, refused.StatusCode);
        }
    }

    private static async Task<string> UntilAsync(RunningAllocator running, string path, Func<string, bool> shows)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (true)
        {
            var text = await running.GetAsync(path);
            if (shows(text))
                return text;
            await tick.WaitForNextTickAsync(deadline.Token);
        }
    }
}
