using Microsoft.EntityFrameworkCore;
using Vprox.Allocator.Adapters.Storage;
using Vprox.Allocator.Transactions;
using Vprox.Allocator.Watch;
using Vprox.Contracts;

namespace Vprox.Allocator.Tests.Storage;

public sealed class FleetWatchTests
{
    [Fact]
    public async Task That_a_node_may_not_die_is_said_once_with_the_way_out_and_that_it_may_again_once()
    {
        await using var allocator = await TestAllocator.StartAsync();
        var watch = allocator.Make<FleetWatch>();
        await watch.LookAsync(CancellationToken.None);
        await allocator.JoinAsync(allocator.Node("i-a"));
        await allocator.ReadyProxyAsync(count: 3);
        await LookTwiceAsync(watch);
        Assert.Contains("add nodes with 3 more free seats", Assert.Single(allocator.Said.Of(3050)), StringComparison.Ordinal);
        Assert.Empty(allocator.Said.Of(3051));

        await allocator.JoinAsync(allocator.Node("i-b"));
        await LookTwiceAsync(watch);
        Assert.Single(allocator.Said.Of(3051));
        Assert.Single(allocator.Said.Of(3050));
        // The new node took nothing: the invariant holds with it as it is.
        Assert.Empty(await allocator.TakeOutboxAsync());
    }

    [Fact]
    public async Task A_new_node_takes_a_few_addresses_at_a_time_when_the_invariant_needs_it_and_the_old_one_lives()
    {
        // 60 addresses alone in their subnet: EC2 would take 50 of them at once to another one.
        await using var allocator = await TestAllocator.StartAsync(addresses: 60);
        allocator.Options.RebalanceMoves = 4;
        await allocator.JoinAsync(allocator.Node("i-a", capacity: 60));
        for (var i = 0; i < 12; i++)
            await allocator.ReadyProxyAsync($"p-{i}", count: 5);
        await allocator.JoinAsync(allocator.Node("i-b", capacity: 64, subnet: 2));
        var watch = allocator.Make<FleetWatch>();
        var moved = new List<StaticIpPlaced>();
        foreach (var expected in new[] { 4, 4, 2, 0 })
        {
            await LookTwiceAsync(watch);
            var moves = (await allocator.TakeOutboxAsync()).Cast<StaticIpPlaced>().ToList();
            Assert.Equal(expected, moves.Count);
            Assert.All(moves, move => Assert.Equal(("i-b", "i-a"), (move.NodeId, move.FromNodeId)));
            foreach (var move in moves)
                await allocator.ServeAsync(move);
            moved.AddRange(moves);
        }
        Assert.Equal(10, moved.Select(move => move.Address).Distinct().Count());
        await LookTwiceAsync(watch);
        Assert.Single(allocator.Said.Of(3051));
    }

    [Fact]
    public async Task Nothing_is_rebalanced_when_the_options_say_so()
    {
        await using var allocator = await TestAllocator.StartAsync(addresses: 60);
        allocator.Options.RebalanceMoves = 0;
        await allocator.JoinAsync(allocator.Node("i-a", capacity: 60));
        for (var i = 0; i < 12; i++)
            await allocator.ReadyProxyAsync($"p-{i}", count: 5);
        await allocator.JoinAsync(allocator.Node("i-b", capacity: 64, subnet: 2));
        await LookTwiceAsync(allocator.Make<FleetWatch>());
        Assert.Empty(await allocator.TakeOutboxAsync());
    }

    [Fact]
    public async Task A_rehearsed_death_leaves_no_trace()
    {
        await using var allocator = await TestAllocator.StartAsync();
        await allocator.JoinAsync(allocator.Node("i-a"));
        await allocator.ReadyProxyAsync(count: 2);
        await allocator.JoinAsync(allocator.Node("i-b"));
        var before = await PlacementsAsync(allocator);
        await LookTwiceAsync(allocator.Make<FleetWatch>());
        Assert.Single(allocator.Said.Of(3054));
        Assert.Equal(before, await PlacementsAsync(allocator));
        Assert.Empty(await allocator.TakeOutboxAsync());
        Assert.False(await allocator.Store.ReadAsync(database => database.Nodes.AnyAsync(node => node.Unhealthy), CancellationToken.None));
    }

    [Fact]
    public async Task Every_decision_that_changes_the_fleet_wakes_the_watch_and_no_other()
    {
        await using var allocator = await TestAllocator.StartAsync();
        var signal = allocator.Get<FleetSignal>();
        await allocator.JoinAsync(allocator.Node("i-a"));
        Assert.True(await WokeAsync());
        await allocator.RequestAsync();
        Assert.True(await WokeAsync());
        await allocator.RequestAsync("p-2", region: "nowhere");
        Assert.False(await WokeAsync());

        async Task<bool> WokeAsync()
        {
            var waiting = signal.WaitAsync(TimeSpan.FromMilliseconds(200), CancellationToken.None);
            var woke = waiting.IsCompleted;
            await waiting;
            return woke;
        }
    }

    private static async Task LookTwiceAsync(FleetWatch watch)
    {
        await watch.LookAsync(CancellationToken.None);
        await watch.LookAsync(CancellationToken.None);
    }

    private static Task<List<string>> PlacementsAsync(TestAllocator allocator) => allocator.Store.ReadAsync(
        database => database.Placements.OrderBy(row => row.Address).Select(row => row.Address + row.NodeId + row.Generation + row.Serving).ToListAsync(),
        CancellationToken.None);
}
