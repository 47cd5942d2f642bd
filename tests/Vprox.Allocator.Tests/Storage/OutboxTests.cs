using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.Logging.Abstractions;
using Vprox.Allocator.Adapters.Storage;
using Vprox.Allocator.Workers;
using Vprox.Bus.Messaging;
using Vprox.Contracts;

namespace Vprox.Allocator.Tests.Storage;

public sealed class OutboxTests
{
    [Fact]
    public async Task What_was_committed_before_a_kill_is_published_by_the_next_process()
    {
        await using var killed = await TestAllocator.StartAsync();
        await killed.JoinAsync(killed.Node("i-a"));
        await killed.RequestAsync(count: 3);
        await using var next = await killed.StartAnotherAsync();
        var publisher = new RecordingPublisher();
        await Dispatcher(next, publisher).DispatchAsync(CancellationToken.None);
        Assert.Equal(3, publisher.Published.OfType<StaticIpPlaced>().Count());
        Assert.Equal(0, await Dispatcher(next, publisher).DispatchAsync(CancellationToken.None));
        Assert.Equal(3, publisher.Published.Count);
    }

    [Fact]
    public async Task What_the_broker_did_not_take_stays_and_what_it_took_goes()
    {
        await using var allocator = await TestAllocator.StartAsync();
        await allocator.JoinAsync(allocator.Node("i-a"));
        await allocator.RequestAsync(count: 3);
        var publisher = new RecordingPublisher { Refuses = message => message is StaticIpPlaced { Address: "192.0.2.2" } };
        await Assert.ThrowsAsync<BusUnavailableException>(() => Dispatcher(allocator, publisher).DispatchAsync(CancellationToken.None));
        Assert.Equal(2, publisher.Published.Count);
        Assert.Equal("192.0.2.2", Assert.IsType<StaticIpPlaced>(Assert.Single(await allocator.TakeOutboxAsync())).Address);
    }

    [Fact]
    public async Task Messages_of_one_key_keep_their_order_and_a_refused_one_holds_back_only_its_own_key()
    {
        await using var allocator = await TestAllocator.StartAsync();
        foreach (var i in Enumerable.Range(0, 300))
            await allocator.RequestAsync($"p-{i % 3}", workspaceId: $"ws-{i:000}", region: "nowhere");
        var publisher = new RecordingPublisher { Refuses = message => message is ProxyRejected { ProxyId: "p-1" } };
        var dispatcher = Dispatcher(allocator, publisher);
        await Assert.ThrowsAsync<BusUnavailableException>(() => dispatcher.DispatchAsync(CancellationToken.None));
        Assert.DoesNotContain(publisher.Published.Cast<ProxyRejected>(), message => message.ProxyId == "p-1");
        Assert.Contains(publisher.Published.Cast<ProxyRejected>(), message => message.ProxyId == "p-2");
        publisher.Refuses = _ => false;
        while (await dispatcher.DispatchAsync(CancellationToken.None) > 0)
        {
        }
        Assert.Equal(300, publisher.Published.Count);
        foreach (var group in publisher.Published.Cast<ProxyRejected>().GroupBy(message => message.ProxyId))
            Assert.Equal(group.Select(message => message.WorkspaceId).Order(StringComparer.Ordinal), group.Select(message => message.WorkspaceId));
    }

    [Fact]
    public async Task A_commit_wakes_the_dispatcher_and_a_stop_in_the_middle_loses_nothing()
    {
        await using var allocator = await TestAllocator.StartAsync();
        await allocator.JoinAsync(allocator.Node("i-a"));
        var publisher = new RecordingPublisher();
        using var dispatcher = Dispatcher(allocator, publisher);
        await dispatcher.StartAsync(CancellationToken.None);
        await allocator.RequestAsync();
        await publisher.WaitForPublishAsync();
        publisher.Refuses = _ => true;
        await allocator.RequestAsync("p-2");
        await dispatcher.StopAsync(CancellationToken.None);
        Assert.Equal("p-2", Assert.IsType<StaticIpPlaced>(Assert.Single(await allocator.TakeOutboxAsync())).ProxyId);
    }

    [Fact]
    public async Task The_dispatcher_goes_on_when_the_broker_is_back()
    {
        await using var allocator = await TestAllocator.StartAsync();
        await allocator.JoinAsync(allocator.Node("i-a"));
        var publisher = new RecordingPublisher { Refuses = _ => true };
        using var dispatcher = Dispatcher(allocator, publisher);
        await dispatcher.StartAsync(CancellationToken.None);
        await allocator.RequestAsync();
        await publisher.WaitForRefusalAsync();
        publisher.Refuses = _ => false;
        await publisher.WaitForPublishAsync();
        await dispatcher.StopAsync(CancellationToken.None);
    }

    private static OutboxDispatcher Dispatcher(TestAllocator allocator, IMessagePublisher publisher) =>
        new(allocator.Store, allocator.Get<OutboxSignal>(), publisher, TimeProvider.System, NullLogger<OutboxDispatcher>.Instance);

    private sealed class RecordingPublisher : IMessagePublisher
    {
        private readonly Channel<object> _published = Channel.CreateUnbounded<object>();
        private readonly Channel<object> _refused = Channel.CreateUnbounded<object>();

        public Func<object, bool> Refuses { get; set; } = _ => false;

        public ConcurrentQueue<object> Published { get; } = new();

        public async Task PublishAsync<T>(T message, CancellationToken cancellationToken) where T : class
        {
            await Task.Yield();
            if (Refuses(message))
            {
                _refused.Writer.TryWrite(message);
                throw new BusUnavailableException("refused by the test");
            }
            Published.Enqueue(message);
            _published.Writer.TryWrite(message);
        }

        public Task PublishToAsync<T>(string routingKey, T message, CancellationToken cancellationToken) where T : class =>
            throw new InvalidOperationException("the outbox has no routing keys");

        public Task<object> WaitForPublishAsync() => _published.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));

        public Task<object> WaitForRefusalAsync() => _refused.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));
    }
}
