using Microsoft.EntityFrameworkCore;
using Vprox.Allocator.Adapters.Storage;
using Vprox.Allocator.Transactions;
using Vprox.Addressing;
using Vprox.Contracts;
using Vprox.Identity;

namespace Vprox.Allocator.Tests.Storage;

public sealed class ProxyTests
{
    [Fact]
    public async Task A_request_is_placed_sealed_to_its_node_and_ready_when_all_addresses_serve()
    {
        await using var allocator = await TestAllocator.StartAsync();
        var keys = new Dictionary<string, SealingKey> { ["i-a"] = SealingKey.Generate(), ["i-b"] = SealingKey.Generate() };
        foreach (var (nodeId, key) in keys)
            await allocator.JoinAsync(allocator.Node(nodeId, key));

        await allocator.RequestAsync(count: 2, ceilingMbps: 100);

        var placed = (await allocator.TakeOutboxAsync()).Cast<StaticIpPlaced>().ToList();
        Assert.Equal(["i-a", "i-b"], placed.Select(message => message.NodeId).Order());
        Assert.All(placed, message =>
        {
            Assert.Equal(1, message.Generation);
            Assert.Equal(100, message.CeilingMbps);
            Assert.Single(message.GrantKeys);
            Assert.InRange(message.ListenPort, 49152, 65535);
            SealedIdentity.Open(keys[message.NodeId], message.SealedIdentity, Ipv4.Parse(message.Address), message.NodeId);
        });

        await allocator.ServeAsync(placed[0]);
        Assert.Empty(await allocator.TakeOutboxAsync());
        await allocator.ServeAsync(placed[1]);
        var ready = Assert.IsType<ProxyReady>(Assert.Single(await allocator.TakeOutboxAsync()));
        Assert.Equal(["https://192.0.2.1", "https://192.0.2.2"], ready.Addresses.Select(address => address.Endpoint));
    }

    [Fact]
    public async Task A_repeated_request_allocates_nothing_and_is_answered_again_when_ready()
    {
        await using var allocator = await TestAllocator.StartAsync();
        await allocator.JoinAsync(allocator.Node("i-a"));
        await allocator.RequestAsync();
        var placed = Assert.IsType<StaticIpPlaced>(Assert.Single(await allocator.TakeOutboxAsync()));
        await allocator.RequestAsync();
        Assert.Empty(await allocator.TakeOutboxAsync());
        await allocator.ServeAsync(placed);
        await allocator.ServeAsync(placed);
        Assert.IsType<ProxyReady>(Assert.Single(await allocator.TakeOutboxAsync()));
        await allocator.RequestAsync();
        Assert.IsType<ProxyReady>(Assert.Single(await allocator.TakeOutboxAsync()));
        Assert.Equal(1, await allocator.Store.ReadAsync(database => database.Placements.CountAsync(), CancellationToken.None));
    }

    [Fact]
    public async Task Each_way_of_asking_wrongly_has_its_code_and_allocates_nothing()
    {
        await using var allocator = await TestAllocator.StartAsync(addresses: 2);
        Assert.Equal(ProxyRejectedCode.NoNode, await RejectionAsync(allocator, allocator.RequestAsync()));
        await allocator.JoinAsync(allocator.Node("i-a"));
        await allocator.ReadyProxyAsync();
        Assert.Equal(ProxyRejectedCode.InvalidRequest, await RejectionAsync(allocator, allocator.RequestAsync("p-2", count: 0)));
        Assert.Equal(ProxyRejectedCode.InvalidRequest, await RejectionAsync(allocator, allocator.RequestAsync("p-2", count: 6)));
        Assert.Equal(ProxyRejectedCode.InvalidRequest, await RejectionAsync(allocator, allocator.RequestAsync(new string('x', 100_000))));
        Assert.Equal(ProxyRejectedCode.UnknownRegion, await RejectionAsync(allocator, allocator.RequestAsync("p-2", region: "mars-north-1")));
        Assert.Equal(ProxyRejectedCode.NoFreeAddress, await RejectionAsync(allocator, allocator.RequestAsync("p-2", count: 2)));
        Assert.Equal(ProxyRejectedCode.ForeignProxy, await RejectionAsync(allocator, allocator.RequestAsync(workspaceId: "ws-2")));
        Assert.Equal(ProxyRejectedCode.Conflict, await RejectionAsync(allocator, allocator.RequestAsync(count: 2)));
        Assert.Equal(1, await allocator.Store.ReadAsync(database => database.Placements.CountAsync(), CancellationToken.None));
    }

    [Fact]
    public async Task Another_bandwidth_is_told_to_the_nodes_without_a_move()
    {
        await using var allocator = await TestAllocator.StartAsync();
        await allocator.JoinAsync(allocator.Node("i-a"));
        var placed = (await allocator.ReadyProxyAsync(count: 2)).OrderBy(message => message.Address);

        await allocator.RequestAsync(count: 2, ceilingMbps: 50, revision: 3);

        var outbox = await allocator.TakeOutboxAsync();
        var told = outbox.OfType<StaticIpPlaced>().ToList();
        Assert.Equal(placed.Select(message => (message.Address, message.Generation, message.NodeId)), told.Select(message => (message.Address, message.Generation, message.NodeId)));
        Assert.All(told, message => Assert.Equal((50, 1L), (message.CeilingMbps!.Value, message.BandwidthGeneration)));
        Assert.All(told, message => Assert.Null(message.FromNodeId));
        Assert.Single(outbox.OfType<ProxyReady>());
    }

    [Theory]
    [InlineData(2, 50)]
    [InlineData(3, 10)]
    [InlineData(4, 10)]
    public async Task A_late_request_takes_no_newer_bandwidth_back(long revision, int ceilingMbps)
    {
        await using var allocator = await TestAllocator.StartAsync();
        await allocator.JoinAsync(allocator.Node("i-a"));
        await allocator.ReadyProxyAsync();
        await allocator.RequestAsync(ceilingMbps: 50, revision: 3);
        await allocator.TakeOutboxAsync();

        await allocator.RequestAsync(ceilingMbps: 10, revision: revision);

        Assert.Single((await allocator.TakeOutboxAsync()).OfType<ProxyReady>());
        Assert.Equal(ceilingMbps, await allocator.Store.ReadAsync(database => database.Proxies.Select(proxy => proxy.CeilingMbps).SingleAsync(), CancellationToken.None));
    }

    [Fact]
    public async Task The_same_bandwidth_again_is_told_to_nobody()
    {
        await using var allocator = await TestAllocator.StartAsync();
        await allocator.JoinAsync(allocator.Node("i-a"));
        await allocator.ReadyProxyAsync();

        await allocator.RequestAsync(revision: 7);

        Assert.IsType<ProxyReady>(Assert.Single(await allocator.TakeOutboxAsync()));
    }

    [Fact]
    public async Task A_released_address_rests_and_comes_back_with_a_newer_generation()
    {
        await using var allocator = await TestAllocator.StartAsync(addresses: 1);
        await allocator.JoinAsync(allocator.Node("i-a"));
        var first = (await allocator.ReadyProxyAsync())[0];
        var release = new ProxyReleased { ProxyId = "p-1", WorkspaceId = "ws-1" };
        var transaction = allocator.Get<ReleaseProxy>();

        await transaction.HandleAsync(release with { WorkspaceId = "ws-2" }, CancellationToken.None);
        await transaction.HandleAsync(release with { ProxyId = "p-9" }, CancellationToken.None);
        Assert.Empty(await allocator.TakeOutboxAsync());
        await transaction.HandleAsync(release, CancellationToken.None);
        await transaction.HandleAsync(release, CancellationToken.None);

        var released = Assert.IsType<StaticIpReleased>(Assert.Single(await allocator.TakeOutboxAsync()));
        Assert.Equal((first.Address, "i-a", 2L), (released.Address, released.NodeId, released.Generation));
        await allocator.ServeAsync(first);
        Assert.Empty(await allocator.TakeOutboxAsync());
        Assert.Equal(ProxyRejectedCode.NoFreeAddress, await RejectionAsync(allocator, allocator.RequestAsync("p-2")));
        Assert.Equal(ProxyRejectedCode.Conflict, await RejectionAsync(allocator, allocator.RequestAsync("p-1")));

        allocator.Time.Advance(allocator.Options.Quarantine + TimeSpan.FromSeconds(1));
        await allocator.Get<Reconcile>().RunAsync(CancellationToken.None);
        Assert.Equal(3, (await allocator.ReadyProxyAsync("p-3"))[0].Generation);
    }

    [Fact]
    public async Task An_address_taken_out_of_the_options_is_given_to_nobody_else()
    {
        await using var allocator = await TestAllocator.StartAsync(addresses: 2);
        await allocator.JoinAsync(allocator.Node("i-a"));
        allocator.Options.Regions[0].ElasticIps.RemoveAt(0);
        Assert.Equal((0, 1), await allocator.Get<Pool>().EnterAsync(CancellationToken.None));
        Assert.Equal("192.0.2.2", (await allocator.ReadyProxyAsync())[0].Address);
        Assert.Equal(ProxyRejectedCode.NoFreeAddress, await RejectionAsync(allocator, allocator.RequestAsync("p-2")));
    }

    private static async Task<string> RejectionAsync(TestAllocator allocator, Task request)
    {
        await request;
        var rejected = Assert.IsType<ProxyRejected>(Assert.Single(await allocator.TakeOutboxAsync()));
        Assert.EndsWith(".", rejected.Reason, StringComparison.Ordinal);
        return rejected.Code;
    }
}
