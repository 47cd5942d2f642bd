using Microsoft.EntityFrameworkCore;
using Vprox.Allocator.Transactions;
using Vprox.Contracts;
using Vprox.WireGuard;

namespace Vprox.Allocator.Tests.Storage;

/// <summary>Verdicts doubled, late, reordered, and told to two replicas at once.</summary>
public sealed class VerdictTests
{
    [Fact]
    public async Task One_verdict_told_to_two_replicas_at_once_places_each_address_once()
    {
        await using var one = await TestAllocator.StartAsync();
        await using var two = await one.StartAnotherAsync();
        await FillAsync(one, ["i-a", "i-b", "i-c"], proxies: 3);
        var at = one.Time.GetUtcNow().AddSeconds(1);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(
            () => (i % 2 == 0 ? one : two).Get<JudgeNode>().MarkUnhealthyAsync("i-a", at, CancellationToken.None))));

        var moved = (await one.TakeOutboxAsync()).Cast<StaticIpPlaced>().ToList();
        Assert.NotEmpty(moved);
        // One decision: a second would have given a newer generation.
        Assert.Equal(("i-a", 4L), Assert.Single(moved.Select(message => (message.FromNodeId, message.Generation)).Distinct()));
        Assert.Equal(moved.Count, moved.Select(message => message.Address).Distinct().Count());
        await AssertOnLivingNodesAsync(one, "i-a");
    }

    [Fact]
    public async Task Two_nodes_declared_dead_at_once_by_way_of_two_replicas_leave_every_address_on_a_living_one()
    {
        await using var one = await TestAllocator.StartAsync();
        await using var two = await one.StartAnotherAsync();
        await FillAsync(one, ["i-a", "i-b", "i-c", "i-d"], proxies: 3);
        var at = one.Time.GetUtcNow().AddSeconds(1);

        await Task.WhenAll(
            Task.Run(() => one.Get<JudgeNode>().MarkUnhealthyAsync("i-a", at, CancellationToken.None)),
            Task.Run(() => two.Get<JudgeNode>().MarkUnhealthyAsync("i-b", at, CancellationToken.None)));

        await AssertOnLivingNodesAsync(one, "i-a", "i-b");
        // Of an address that moved twice only the newest generation counts.
        var newest = (await one.TakeOutboxAsync()).Cast<StaticIpPlaced>().GroupBy(message => message.Address).Select(group => group.MaxBy(message => message.Generation)!);
        Assert.All(newest, message => Assert.Contains(message.NodeId, new[] { "i-c", "i-d" }));
    }

    [Fact]
    public async Task Verdicts_in_the_wrong_order_end_with_the_newest()
    {
        await using var allocator = await TestAllocator.StartAsync();
        await FillAsync(allocator, ["i-a", "i-b"], proxies: 1);
        var judge = allocator.Get<JudgeNode>();
        var at = allocator.Time.GetUtcNow();
        await judge.MarkRecoveredAsync("i-a", at.AddSeconds(3), CancellationToken.None);
        await judge.MarkUnhealthyAsync("i-a", at.AddSeconds(2), CancellationToken.None);
        await judge.MarkDrainingAsync("i-a", at.AddSeconds(1), CancellationToken.None);
        Assert.Empty(await allocator.TakeOutboxAsync());
        await judge.MarkUnhealthyAsync("i-a", at.AddSeconds(4), CancellationToken.None);
        Assert.NotEmpty(await allocator.TakeOutboxAsync());
        await judge.MarkUnhealthyAsync("i-a", at.AddSeconds(4), CancellationToken.None);
        await judge.MarkUnhealthyAsync("i-unknown", at.AddSeconds(5), CancellationToken.None);
        Assert.Empty(await allocator.TakeOutboxAsync());
    }

    [Fact]
    public async Task Addresses_are_published_in_the_order_of_the_tunnels_that_wait_for_them()
    {
        await using var allocator = await TestAllocator.StartAsync();
        await allocator.JoinAsync(allocator.Node("i-a"));
        await allocator.ReadyProxyAsync("p-1");
        var busy = (await allocator.ReadyProxyAsync("p-2"))[0];
        var key = WireGuardPrivateKey.Generate().PublicKey().ToString();
        await allocator.GrantAsync(key, proxyId: "p-2");
        await allocator.Get<RecordPeer>().HandleAsync(
            new PeerAdded
            {
                NodeId = "i-a", Address = busy.Address, PublicKey = key, InnerAddresses = ["240.0.4.2"], Endpoint = "198.51.100.1:51820", At = allocator.Time.GetUtcNow(),
            },
            CancellationToken.None);
        await allocator.JoinAsync(allocator.Node("i-b"));
        await allocator.UnhealthyAsync("i-a");
        Assert.Equal(["p-2", "p-1"], (await allocator.TakeOutboxAsync()).Cast<StaticIpPlaced>().Select(message => message.ProxyId));
    }

    [Fact]
    public async Task A_verdict_does_not_stand_behind_a_crowd_of_news()
    {
        await using var allocator = await TestAllocator.StartAsync();
        await FillAsync(allocator, ["i-a", "i-b"], proxies: 1);
        var entered = new TaskCompletionSource();
        var goOn = new TaskCompletionSource();
        var done = new List<string>();
        var first = allocator.Store.DecideAsync(
            async _ =>
            {
                entered.SetResult();
                await goOn.Task;
                return 0;
            },
            CancellationToken.None);
        await entered.Task;
        var crowd = Enumerable.Range(0, 50).Select(_ => AddAsync("news", allocator.Store.DecideAsync(_ => Task.FromResult(0), CancellationToken.None))).ToList();
        var verdict = AddAsync("verdict", allocator.UnhealthyAsync("i-a"));
        goOn.SetResult();
        await Task.WhenAll([first, verdict, .. crowd]);
        Assert.InRange(done.IndexOf("verdict"), 0, 3);

        async Task AddAsync(string name, Task decision)
        {
            await decision;
            lock (done)
                done.Add(name);
        }
    }

    private static async Task FillAsync(TestAllocator allocator, string[] nodes, int proxies)
    {
        foreach (var node in nodes)
            await allocator.JoinAsync(allocator.Node(node));
        for (var i = 0; i < proxies; i++)
            await allocator.ReadyProxyAsync($"p-{i}", count: 3);
    }

    private static async Task AssertOnLivingNodesAsync(TestAllocator allocator, params string[] dead)
    {
        var placements = await allocator.Store.ReadAsync(database => database.Placements.ToListAsync(), CancellationToken.None);
        Assert.DoesNotContain(placements, placement => dead.Contains(placement.NodeId));
        Assert.All(placements.GroupBy(placement => placement.NetworkInterfaceId), group => Assert.True(group.Count() <= 29));
    }
}
