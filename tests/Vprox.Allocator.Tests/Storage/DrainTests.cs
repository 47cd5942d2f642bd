using Vprox.Allocator.Transactions;
using Vprox.Allocator.Watch;
using Vprox.Contracts;
using Vprox.WireGuard;

namespace Vprox.Allocator.Tests.Storage;

public sealed class DrainTests
{
    [Fact]
    public async Task An_address_without_another_place_stays_is_said_once_and_moves_when_a_node_joins()
    {
        await using var allocator = await TestAllocator.StartAsync();
        await allocator.JoinAsync(allocator.Node("i-a"));
        await allocator.ReadyProxyAsync(count: 3);
        await allocator.JoinAsync(allocator.Node("i-b", capacity: 1));
        await allocator.DrainingAsync("i-a");
        var watch = allocator.Make<FleetWatch>();
        await watch.LookAsync(CancellationToken.None);
        await watch.LookAsync(CancellationToken.None);

        var moved = Assert.IsType<StaticIpPlaced>(Assert.Single(await allocator.TakeOutboxAsync()));
        Assert.Equal(("i-b", "i-a"), (moved.NodeId, moved.FromNodeId));
        Assert.Contains("2 addresses of node i-a, which is being drained", Assert.Single(allocator.Said.Of(3035)), StringComparison.Ordinal);

        await allocator.JoinAsync(allocator.Node("i-c"));
        await watch.LookAsync(CancellationToken.None);
        Assert.Single(allocator.Said.Of(3036));
        var rest = (await allocator.TakeOutboxAsync()).Cast<StaticIpPlaced>().ToList();
        Assert.Equal([("i-c", "i-a"), ("i-c", "i-a")], rest.Select(message => (message.NodeId, message.FromNodeId)));
        foreach (var message in rest.Append(moved))
        {
            Assert.Empty(await allocator.TakeOutboxAsync());
            await allocator.ServeAsync(message);
        }
        Assert.IsType<NodeDrained>(Assert.Single(await allocator.TakeOutboxAsync()));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_block_that_a_tunnel_was_given_while_its_address_moved_is_told_to_the_new_node_when_it_serves(bool grows)
    {
        await using var allocator = await TestAllocator.StartAsync();
        await allocator.JoinAsync(allocator.Node("i-a"));
        await allocator.ReadyProxyAsync();
        var key = WireGuardPrivateKey.Generate().PublicKey().ToString();
        Assert.NotNull((await allocator.GrantAsync(key, blocks: 2)).Issued);
        await allocator.JoinAsync(allocator.Node("i-b"));
        await allocator.DrainingAsync("i-a");
        var moved = Assert.IsType<StaticIpPlaced>(Assert.Single(await allocator.TakeOutboxAsync()));
        Assert.Equal(2, Assert.Single(moved.Peers).InnerAddresses.Count);

        if (grows)
            Assert.Equal(3, (await allocator.GrantAsync(key, blocks: 3)).Issued?.InnerAddresses.Count);
        await allocator.ServeAsync(moved);

        var told = await allocator.TakeOutboxAsync();
        Assert.Equal("i-a", Assert.Single(told.OfType<NodeDrained>()).NodeId);
        var again = told.OfType<StaticIpPlaced>().ToList();
        Assert.Equal(grows ? [("i-b", moved.Generation, 3)] : [], again.Select(placed => (placed.NodeId, placed.Generation, placed.Peers.Single().InnerAddresses.Count)));

        // Said twice, as messages may be: the node has it by now.
        await allocator.ServeAsync(moved);
        Assert.Empty(await allocator.TakeOutboxAsync());
    }

    [Fact]
    public async Task A_node_that_dies_in_its_drain_loses_the_rest_to_a_failover_and_is_drained_in_the_end()
    {
        await using var allocator = await TestAllocator.StartAsync();
        await allocator.JoinAsync(allocator.Node("i-a"));
        await allocator.ReadyProxyAsync(count: 2);
        await allocator.JoinAsync(allocator.Node("i-b", capacity: 1));
        await allocator.DrainingAsync("i-a");
        var drained = Assert.IsType<StaticIpPlaced>(Assert.Single(await allocator.TakeOutboxAsync()));
        await allocator.UnhealthyAsync("i-a");
        await allocator.JoinAsync(allocator.Node("i-c"));
        var failedOver = Assert.IsType<StaticIpPlaced>(Assert.Single(await allocator.TakeOutboxAsync()));
        Assert.Equal("i-c", failedOver.NodeId);
        await allocator.ServeAsync(drained);
        await allocator.ServeAsync(failedOver);
        Assert.IsType<NodeDrained>(Assert.Single(await allocator.TakeOutboxAsync()));

        // It recovers cordoned: an operator has to want it back.
        await allocator.RecoveredAsync("i-a");
        await allocator.RequestAsync("p-2", count: 1);
        Assert.Equal("i-c", Assert.IsType<StaticIpPlaced>(Assert.Single(await allocator.TakeOutboxAsync())).NodeId);
    }

    [Fact]
    public async Task An_address_whose_target_dies_in_a_drain_still_comes_from_the_node_that_serves_it()
    {
        await using var allocator = await TestAllocator.StartAsync();
        await allocator.JoinAsync(allocator.Node("i-a"));
        await allocator.ReadyProxyAsync();
        await allocator.JoinAsync(allocator.Node("i-b"));
        await allocator.DrainingAsync("i-a");
        Assert.Equal("i-b", Assert.IsType<StaticIpPlaced>(Assert.Single(await allocator.TakeOutboxAsync())).NodeId);
        await allocator.JoinAsync(allocator.Node("i-c"));
        await allocator.UnhealthyAsync("i-b");
        var again = Assert.IsType<StaticIpPlaced>(Assert.Single(await allocator.TakeOutboxAsync()));
        Assert.Equal(("i-c", "i-a", 3L), (again.NodeId, again.FromNodeId, again.Generation));
        await allocator.ServeAsync(again);
        Assert.Equal("i-a", Assert.IsType<NodeDrained>(Assert.Single(await allocator.TakeOutboxAsync())).NodeId);
    }

    [Fact]
    public async Task Uncordoning_ends_a_drain_what_has_not_moved_stays_and_nobody_says_drained()
    {
        await using var allocator = await TestAllocator.StartAsync();
        await allocator.JoinAsync(allocator.Node("i-a"));
        await allocator.ReadyProxyAsync(count: 2);
        await allocator.JoinAsync(allocator.Node("i-b", capacity: 1));
        await allocator.DrainingAsync("i-a");
        var moved = Assert.IsType<StaticIpPlaced>(Assert.Single(await allocator.TakeOutboxAsync()));
        await allocator.UncordonAsync("i-a");
        await allocator.JoinAsync(allocator.Node("i-c"));
        await allocator.Get<Reconcile>().RunAsync(CancellationToken.None);
        await allocator.ServeAsync(moved);
        Assert.Empty(await allocator.TakeOutboxAsync());
        await allocator.UncordonAsync("i-a");
        await allocator.ReadyProxyAsync("p-2");
    }

    [Fact]
    public async Task A_drain_of_an_empty_node_is_done_at_once_and_a_doubled_one_is_done_once()
    {
        await using var allocator = await TestAllocator.StartAsync();
        await allocator.JoinAsync(allocator.Node("i-a"));
        var at = allocator.Time.GetUtcNow();
        await allocator.Get<JudgeNode>().MarkDrainingAsync("i-a", at, CancellationToken.None);
        await allocator.Get<JudgeNode>().MarkDrainingAsync("i-a", at, CancellationToken.None);
        Assert.IsType<NodeDrained>(Assert.Single(await allocator.TakeOutboxAsync()));
    }
}
