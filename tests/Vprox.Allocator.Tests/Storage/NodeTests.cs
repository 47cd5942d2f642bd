using Vprox.Addressing;
using Vprox.Allocator.Transactions;
using Vprox.Contracts;
using Vprox.Identity;
using Vprox.WireGuard;

namespace Vprox.Allocator.Tests.Storage;

public sealed class NodeTests
{
    [Fact]
    public async Task A_dead_nodes_addresses_are_placed_anew_with_their_tunnels_and_only_once()
    {
        await using var allocator = await TestAllocator.StartAsync();
        var survivor = SealingKey.Generate();
        await allocator.JoinAsync(allocator.Node("i-a"));
        var placed = (await allocator.ReadyProxyAsync())[0];
        await allocator.JoinAsync(allocator.Node("i-b", survivor));
        var peer = WireGuardPrivateKey.Generate().PublicKey().ToString();
        await allocator.GrantAsync(peer);

        await allocator.UnhealthyAsync("i-a");
        await allocator.UnhealthyAsync("i-a");

        var moved = Assert.IsType<StaticIpPlaced>(Assert.Single(await allocator.TakeOutboxAsync()));
        Assert.Equal(("i-b", 2L, placed.PrivateAddress, placed.ListenPort), (moved.NodeId, moved.Generation, moved.PrivateAddress, moved.ListenPort));
        Assert.Equal((null, "i-a"), (placed.FromNodeId, moved.FromNodeId));
        Assert.Equal(peer, Assert.Single(moved.Peers).PublicKey);
        Assert.Equal(2, moved.Peers[0].InnerAddresses.Count);
        SealedIdentity.Open(survivor, moved.SealedIdentity, Ipv4.Parse(moved.Address), "i-b");

        // News of the old placement, late or doubled, changes nothing.
        await allocator.ServeAsync(placed);
        await allocator.Get<Reconcile>().RunAsync(CancellationToken.None);
        Assert.Empty(await allocator.TakeOutboxAsync());
        await allocator.ServeAsync(moved);
        Assert.Empty(await allocator.TakeOutboxAsync());
    }

    [Fact]
    public async Task Addresses_that_fit_nowhere_wait_for_a_node()
    {
        await using var allocator = await TestAllocator.StartAsync();
        await allocator.JoinAsync(allocator.Node("i-a"));
        await allocator.ReadyProxyAsync(count: 3);
        await allocator.UnhealthyAsync("i-a");
        Assert.Empty(await allocator.TakeOutboxAsync());
        Assert.Equal(3, (await allocator.Get<Reconcile>().RunAsync(CancellationToken.None)).Moved.Stranded.Count);
        await allocator.JoinAsync(allocator.Node("i-b", capacity: 2));
        Assert.Equal(2, (await allocator.TakeOutboxAsync()).Cast<StaticIpPlaced>().Count(message => message is { NodeId: "i-b", Generation: 2 }));
        Assert.Single((await allocator.Get<Reconcile>().RunAsync(CancellationToken.None)).Moved.Stranded);
        await allocator.JoinAsync(allocator.Node("i-c"));
        Assert.Equal("i-c", Assert.IsType<StaticIpPlaced>(Assert.Single(await allocator.TakeOutboxAsync())).NodeId);
    }

    [Fact]
    public async Task A_recovered_node_takes_addresses_again_and_a_verdict_older_than_that_is_late()
    {
        await using var allocator = await TestAllocator.StartAsync();
        await allocator.JoinAsync(allocator.Node("i-a"));
        var before = allocator.Time.GetUtcNow().AddSeconds(1);
        await allocator.UnhealthyAsync("i-a");
        await allocator.RequestAsync();
        Assert.IsType<ProxyRejected>(Assert.Single(await allocator.TakeOutboxAsync()));
        await allocator.RecoveredAsync("i-a");
        await allocator.Get<JudgeNode>().MarkUnhealthyAsync("i-a", before, CancellationToken.None);
        await allocator.ReadyProxyAsync();
    }

    [Fact]
    public async Task A_restarted_agent_does_not_make_its_node_healthy_only_Failovers_word_does()
    {
        await using var allocator = await TestAllocator.StartAsync();
        var node = allocator.Node("i-a");
        await allocator.JoinAsync(node);
        await allocator.UnhealthyAsync("i-a");
        await allocator.JoinAsync(node with { StartedAt = node.StartedAt.AddMinutes(1) });
        await allocator.RequestAsync();
        Assert.IsType<ProxyRejected>(Assert.Single(await allocator.TakeOutboxAsync()));
        await allocator.RecoveredAsync("i-a");
        await allocator.ReadyProxyAsync();
    }

    [Fact]
    public async Task A_cordoned_node_takes_nothing_new_and_keeps_what_it_has()
    {
        await using var allocator = await TestAllocator.StartAsync();
        await allocator.JoinAsync(allocator.Node("i-a"));
        await allocator.ReadyProxyAsync();
        await allocator.Get<JudgeNode>().CordonAsync("i-a", CancellationToken.None);
        await allocator.Get<JudgeNode>().CordonAsync("i-unknown", CancellationToken.None);
        Assert.Empty(await allocator.TakeOutboxAsync());
        await allocator.RequestAsync("p-2");
        Assert.IsType<ProxyRejected>(Assert.Single(await allocator.TakeOutboxAsync()));
        await allocator.Get<JudgeNode>().UncordonAsync("i-a", CancellationToken.None);
        await allocator.ReadyProxyAsync("p-2");
    }

    [Fact]
    public async Task A_draining_node_is_drained_when_all_it_had_serves_elsewhere()
    {
        await using var allocator = await TestAllocator.StartAsync();
        await allocator.JoinAsync(allocator.Node("i-a"));
        await allocator.ReadyProxyAsync(count: 2);
        await allocator.JoinAsync(allocator.Node("i-b"));
        allocator.Time.Advance(TimeSpan.FromSeconds(1));
        await allocator.Get<JudgeNode>().MarkDrainingAsync("i-a", allocator.Time.GetUtcNow(), CancellationToken.None);
        var moved = (await allocator.TakeOutboxAsync()).Cast<StaticIpPlaced>().ToList();
        Assert.Equal(2, moved.Count);
        await allocator.ServeAsync(moved[0]);
        Assert.Empty(await allocator.TakeOutboxAsync());
        await allocator.ServeAsync(moved[1]);
        Assert.Equal("i-a", Assert.IsType<NodeDrained>(Assert.Single(await allocator.TakeOutboxAsync())).NodeId);
        await allocator.Get<Reconcile>().RunAsync(CancellationToken.None);
        Assert.Empty(await allocator.TakeOutboxAsync());
    }

    [Fact]
    public async Task A_node_with_another_sealing_key_is_sent_its_placements_sealed_to_it()
    {
        await using var allocator = await TestAllocator.StartAsync();
        await allocator.JoinAsync(allocator.Node("i-a", secondsAfterStart: 1));
        var placed = (await allocator.ReadyProxyAsync())[0];
        var key = SealingKey.Generate();
        await allocator.JoinAsync(allocator.Node("i-a", SealingKey.Generate()));
        Assert.Empty(await allocator.TakeOutboxAsync());
        await allocator.JoinAsync(allocator.Node("i-a", key, secondsAfterStart: 2));
        var again = Assert.IsType<StaticIpPlaced>(Assert.Single(await allocator.TakeOutboxAsync()));
        Assert.Equal(placed.Generation, again.Generation);
        SealedIdentity.Open(key, again.SealedIdentity, Ipv4.Parse(again.Address), "i-a");
    }

    [Fact]
    public async Task A_placement_that_nobody_serves_is_published_again()
    {
        await using var allocator = await TestAllocator.StartAsync();
        await allocator.JoinAsync(allocator.Node("i-a"));
        await allocator.RequestAsync();
        var placed = Assert.IsType<StaticIpPlaced>(Assert.Single(await allocator.TakeOutboxAsync()));
        Assert.Equal(0, (await allocator.Get<Reconcile>().RunAsync(CancellationToken.None)).Republished);
        allocator.Time.Advance(allocator.Options.RepublishAfter);
        Assert.Equal(1, (await allocator.Get<Reconcile>().RunAsync(CancellationToken.None)).Republished);
        Assert.Equal(0, (await allocator.Get<Reconcile>().RunAsync(CancellationToken.None)).Republished);
        Assert.Equal(placed.Generation, Assert.IsType<StaticIpPlaced>(Assert.Single(await allocator.TakeOutboxAsync())).Generation);
    }

    [Fact]
    public async Task An_interface_belongs_to_the_node_that_named_it_last()
    {
        await using var allocator = await TestAllocator.StartAsync();
        var first = allocator.Node("i-a");
        await allocator.JoinAsync(first);
        await allocator.JoinAsync(allocator.Node("i-b") with { NetworkInterfaces = first.NetworkInterfaces });
        Assert.Equal("i-b", (await allocator.ReadyProxyAsync())[0].NodeId);
        await allocator.Get<RecordNode>().HandleAsync(new NodeAddressesChanged { NodeId = "i-b", NetworkInterfaces = [] }, CancellationToken.None);
        await allocator.Get<RecordNode>().HandleAsync(new NodeAddressesChanged { NodeId = "i-unknown", NetworkInterfaces = [] }, CancellationToken.None);
        await allocator.RequestAsync("p-2");
        Assert.IsType<ProxyRejected>(Assert.Single(await allocator.TakeOutboxAsync()));
    }
}
