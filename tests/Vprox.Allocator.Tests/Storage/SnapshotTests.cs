using Vprox.Addressing;
using Vprox.Allocator.Transactions;
using Vprox.Contracts;
using Vprox.Identity;
using Vprox.WireGuard;

namespace Vprox.Allocator.Tests.Storage;

public sealed class SnapshotTests
{
    [Fact]
    public async Task A_node_reads_all_that_it_shall_serve_page_by_page()
    {
        await using var allocator = await TestAllocator.StartAsync(addresses: 70);
        var key = SealingKey.Generate();
        await allocator.JoinAsync(allocator.Node("i-a", key, capacity: 60));
        await allocator.JoinAsync(allocator.Node("i-b", capacity: 9, subnet: 2));
        for (var i = 0; i < 13; i++)
            await allocator.RequestAsync($"p-{i}", count: 5);
        var placed = (await allocator.TakeOutboxAsync()).Cast<StaticIpPlaced>().Where(message => message.NodeId == "i-a").ToList();
        Assert.True(placed.Count > 50);

        var read = new List<StaticIpPlaced>();
        string? after = null;
        do
        {
            var page = await allocator.Get<ReadSnapshot>().HandleAsync(new RequestNodeSnapshot { NodeId = "i-a", After = after }, CancellationToken.None);
            Assert.True(page.Known);
            Assert.InRange(page.Placements.Count, 1, 50);
            read.AddRange(page.Placements);
            after = page.Next;
        }
        while (after is not null);

        Assert.Equal(placed.Select(message => message.Address).Order(StringComparer.Ordinal), read.Select(message => message.Address));
        Assert.All(read, message => SealedIdentity.Open(key, message.SealedIdentity, Ipv4.Parse(message.Address), "i-a"));
    }

    [Fact]
    public async Task An_unknown_node_is_told_to_join_first()
    {
        await using var allocator = await TestAllocator.StartAsync();
        var page = await allocator.Get<ReadSnapshot>().HandleAsync(new RequestNodeSnapshot { NodeId = "i-x" }, CancellationToken.None);
        Assert.False(page.Known);
        Assert.Empty(page.Placements);
        Assert.Null(page.Next);
    }

    [Fact]
    public async Task The_fleet_snapshot_has_every_placement_and_node_and_no_key()
    {
        await using var allocator = await TestAllocator.StartAsync();
        var node = allocator.Node("i-a");
        await allocator.JoinAsync(node);
        await allocator.ReadyProxyAsync(count: 3);
        await allocator.GrantAsync(WireGuardPrivateKey.Generate().PublicKey().ToString());
        var page = await allocator.Get<ReadSnapshot>().HandleAsync(new RequestFleetSnapshot(), CancellationToken.None);
        Assert.Equal(["192.0.2.1", "192.0.2.2", "192.0.2.3"], page.Placements.Select(message => message.Address));
        Assert.All(page.Placements, message => Assert.Equal(("", 0), (message.SealedIdentity, message.Peers.Count)));
        var told = Assert.Single(page.Nodes);
        Assert.Equal(node with { NetworkInterfaces = [] }, told with { NetworkInterfaces = [] });
        Assert.Equal("eni-i-a", Assert.Single(told.NetworkInterfaces).NetworkInterfaceId);
        Assert.Null(page.Next);
    }

    [Fact]
    public async Task The_fleet_snapshot_says_how_nodes_stand_and_from_where_an_address_comes_until_it_serves()
    {
        await using var allocator = await TestAllocator.StartAsync();
        await allocator.JoinAsync(allocator.Node("i-a"));
        await allocator.ReadyProxyAsync();
        await allocator.JoinAsync(allocator.Node("i-b"));
        await allocator.JoinAsync(allocator.Node("i-c"));
        await allocator.Get<JudgeNode>().CordonAsync("i-c", CancellationToken.None);
        await allocator.UnhealthyAsync("i-a");
        var moved = Assert.IsType<StaticIpPlaced>(Assert.Single(await allocator.TakeOutboxAsync()));

        var page = await allocator.Get<ReadSnapshot>().HandleAsync(new RequestFleetSnapshot(), CancellationToken.None);
        Assert.Equal(
            [("i-a", true, false, false), ("i-b", false, false, false), ("i-c", false, false, true)],
            page.Standings.Select(standing => (standing.NodeId, standing.Unhealthy, standing.Draining, standing.Cordoned)));
        Assert.Equal("i-a", Assert.Single(page.Placements).FromNodeId);
        var ofNode = await allocator.Get<ReadSnapshot>().HandleAsync(new RequestNodeSnapshot { NodeId = "i-b" }, CancellationToken.None);
        Assert.Equal("i-a", Assert.Single(ofNode.Placements).FromNodeId);

        await allocator.ServeAsync(moved);
        page = await allocator.Get<ReadSnapshot>().HandleAsync(new RequestFleetSnapshot(), CancellationToken.None);
        Assert.Null(Assert.Single(page.Placements).FromNodeId);
    }

    [Fact]
    public async Task Generations_grow_over_all_addresses_and_a_snapshot_says_which_it_knows_of()
    {
        await using var allocator = await TestAllocator.StartAsync();
        await allocator.JoinAsync(allocator.Node("i-a"));
        await allocator.JoinAsync(allocator.Node("i-b"));
        var first = (await allocator.ReadyProxyAsync("p-1"))[0];
        var second = (await allocator.ReadyProxyAsync("p-2"))[0];
        await allocator.Get<ReleaseProxy>().HandleAsync(new ProxyReleased { ProxyId = "p-1", WorkspaceId = "ws-1" }, CancellationToken.None);
        var released = Assert.IsType<StaticIpReleased>(Assert.Single(await allocator.TakeOutboxAsync()));
        await allocator.UnhealthyAsync(second.NodeId);
        var moved = Assert.IsType<StaticIpPlaced>(Assert.Single(await allocator.TakeOutboxAsync()));

        Assert.Equal([1, 2, 3, 4], new[] { first.Generation, second.Generation, released.Generation, moved.Generation });
        Assert.Equal(4, (await allocator.Get<ReadSnapshot>().HandleAsync(new RequestFleetSnapshot(), CancellationToken.None)).UpTo);
        Assert.Equal(4, (await allocator.Get<ReadSnapshot>().HandleAsync(new RequestNodeSnapshot { NodeId = "i-a" }, CancellationToken.None)).UpTo);
    }
}
