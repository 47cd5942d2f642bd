using Microsoft.EntityFrameworkCore;
using Vprox.Allocator.Adapters.Keys;
using Vprox.Contracts;
using Vprox.WireGuard;

namespace Vprox.Allocator.Tests.Storage;

public sealed class ConcurrencyTests
{
    [Fact]
    public async Task Two_requests_for_the_last_address_at_the_same_moment_give_it_to_exactly_one()
    {
        await using var one = await TestAllocator.StartAsync(addresses: 1);
        await using var two = await one.StartAnotherAsync();
        await one.JoinAsync(one.Node("i-a"));

        await Task.WhenAll(
            Task.Run(() => one.RequestAsync("p-1")), Task.Run(() => two.RequestAsync("p-2")),
            Task.Run(() => one.RequestAsync("p-3")), Task.Run(() => two.RequestAsync("p-4")));

        var messages = await one.TakeOutboxAsync();
        Assert.Single(messages.OfType<StaticIpPlaced>());
        Assert.Equal(3, messages.OfType<ProxyRejected>().Count(message => message.Code == ProxyRejectedCode.NoFreeAddress));
    }

    [Fact]
    public async Task Many_requests_at_once_in_two_instances_share_no_address_and_no_seat()
    {
        await using var one = await TestAllocator.StartAsync(addresses: 30);
        await using var two = await one.StartAnotherAsync();
        await one.JoinAsync(one.Node("i-a", capacity: 10));
        await one.JoinAsync(one.Node("i-b", capacity: 10));

        await Task.WhenAll(Enumerable.Range(0, 30).Select(i => Task.Run(() => (i % 2 == 0 ? one : two).RequestAsync($"p-{i}"))));

        var messages = await one.TakeOutboxAsync();
        var placed = messages.OfType<StaticIpPlaced>().ToList();
        Assert.Equal(20, placed.Count);
        Assert.Equal(20, placed.Select(message => message.Address).Distinct().Count());
        Assert.Equal(20, placed.Select(message => message.PrivateAddress).Distinct().Count());
        Assert.Equal(10, messages.OfType<ProxyRejected>().Count(message => message.Code == ProxyRejectedCode.NoNode));
    }

    [Fact]
    public async Task The_same_request_many_times_at_once_is_placed_once()
    {
        await using var one = await TestAllocator.StartAsync();
        await using var two = await one.StartAnotherAsync();
        await one.JoinAsync(one.Node("i-a"));
        await Task.WhenAll(Enumerable.Range(0, 12).Select(i => Task.Run(() => (i % 2 == 0 ? one : two).RequestAsync(count: 2))));
        Assert.Equal(2, (await one.TakeOutboxAsync()).Cast<StaticIpPlaced>().Select(message => message.Address).Distinct().Count());
        Assert.Equal(2, await one.Store.ReadAsync(database => database.Placements.CountAsync(), CancellationToken.None));
    }

    [Fact]
    public async Task Grants_asked_for_at_once_share_no_block()
    {
        await using var one = await TestAllocator.StartAsync();
        await using var two = await one.StartAnotherAsync();
        await one.JoinAsync(one.Node("i-a"));
        await one.ReadyProxyAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => Task.Run(
            () => (i % 2 == 0 ? one : two).GrantAsync(WireGuardPrivateKey.Generate().PublicKey().ToString()))));
        var blocks = answers.SelectMany(answer => answer.Issued!.PortBlocks).ToList();
        Assert.Equal(80, blocks.Count);
        Assert.Equal(80, blocks.Distinct().Count());
    }

    [Fact]
    public async Task Two_instances_over_one_database_have_the_same_pool_and_sign_with_the_same_key()
    {
        await using var one = await TestAllocator.StartAsync();
        await using var two = await one.StartAnotherAsync();
        Assert.Equal(one.Get<GrantKeyring>().Signer.KeyId, two.Get<GrantKeyring>().Signer.KeyId);
        Assert.Equal(10, await two.Store.ReadAsync(database => database.StaticAddresses.CountAsync(), CancellationToken.None));
    }
}
