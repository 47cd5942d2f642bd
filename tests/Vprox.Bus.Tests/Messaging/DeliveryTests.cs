using System.Collections.Concurrent;
using Vprox.Bus.Messaging;
using Vprox.Contracts;

namespace Vprox.Bus.Tests.Messaging;

public sealed class DeliveryTests(BrokerFixture broker)
{
    private readonly string id = Guid.NewGuid().ToString("N");

    [Fact]
    public async Task A_failing_consumer_is_tried_again_and_a_failed_message_keeps_its_cause()
    {
        var queue = $"vprox.test.{id}";
        await using var service = await TestService.StartAsync(broker.Uri, bus =>
            bus.Queue(queue, QueueKind.QuorumSingleActive, q => q.Consumer<InboxConsumer<CordonNode>>()));
        await using var scheduler = await Scheduler.ConnectAsync(broker.Uri);
        var tries = 0;
        service.Inbox.OnMessage = m => (m as CordonNode)?.NodeId != id ? Task.CompletedTask
            : Interlocked.Increment(ref tries) < 100 ? throw new InvalidOperationException("the disk is full") : Task.CompletedTask;

        await service.Publisher.PublishAsync(new CordonNode { NodeId = id }, default);

        var letter = await scheduler.TakeAsync(queue + "_error");
        Assert.Equal("the disk is full", Scheduler.Header(letter, "MT-Fault-Message"));
        Assert.Equal(5, tries);
    }

    [Fact]
    public async Task A_dead_letter_is_replayed_once_its_cause_is_gone()
    {
        var queue = $"vprox.test.{id}";
        await using var service = await TestService.StartAsync(broker.Uri, bus =>
            bus.Queue(queue, QueueKind.QuorumSingleActive, q => q.Consumer<InboxConsumer<UncordonNode>>()));
        await using var scheduler = await Scheduler.ConnectAsync(broker.Uri);
        service.Inbox.OnMessage = m => (m as UncordonNode)?.NodeId == id ? throw new MalformedMessageException("not yet") : Task.CompletedTask;
        await service.Publisher.PublishAsync(new UncordonNode { NodeId = id }, default);
        await Eventually.GetAsync(async () => await scheduler.CountAsync(queue + "_error") == 1 ? "yes" : null, "a dead letter");

        service.Inbox.OnMessage = _ => Task.CompletedTask;
        var replayed = await DeadLetterReplayer.ReplayAsync(new Uri(broker.Uri), queue);

        Assert.Equal(1, replayed);
        await service.Inbox.NextAsync<UncordonNode>(m => m.NodeId == id);
        Assert.Equal(0u, await scheduler.CountAsync(queue + "_error"));
    }

    [Fact]
    public async Task A_letter_whose_queue_is_gone_stays_where_it_is()
    {
        await using var scheduler = await Scheduler.ConnectAsync(broker.Uri);
        var queue = $"vprox.test.{id}";
        await scheduler.Channel.QueueDeclareAsync(queue + "_error", durable: true, exclusive: false, autoDelete: false);
        await scheduler.PublishAsync("", "{}", routingKey: queue + "_error");

        await Assert.ThrowsAnyAsync<RabbitMQ.Client.Exceptions.PublishException>(
            () => DeadLetterReplayer.ReplayAsync(new Uri(broker.Uri), queue));

        await Eventually.GetAsync(async () => await scheduler.CountAsync(queue + "_error") == 1 ? "yes" : null, "the letter back");
    }

    [Fact]
    public async Task A_container_event_reaches_only_the_worker_in_its_routing_key()
    {
        var (one, two) = ($"w1-{id}", $"w2-{id}");
        await using var first = await WorkerAsync(one);
        await using var second = await WorkerAsync(two);
        await using var scheduler = await Scheduler.ConnectAsync(broker.Uri);

        await scheduler.PublishAsync("vprox.container-started", $$"""{"containerId":"a","containerIp":"172.20.0.2","proxyId":"p"}""", routingKey: one);
        await first.Publisher.PublishAsync(new ContainerStarted { ContainerId = "b", ContainerIp = "172.20.0.3", ProxyId = "p", WorkerId = one }, default);
        await first.Publisher.PublishToAsync(two, new ContainerStopped { ContainerId = "c" }, default);

        await first.Inbox.NextAsync<ContainerStarted>(m => m.ContainerId == "a");
        await first.Inbox.NextAsync<ContainerStarted>(m => m.ContainerId == "b");
        await second.Inbox.NextAsync<ContainerStopped>(m => m.ContainerId == "c");
        Assert.Equal(2, first.Inbox.Messages.Count);
        Assert.Single(second.Inbox.Messages);
    }

    [Fact]
    public async Task An_event_for_a_worker_that_nobody_is_fails_to_publish()
    {
        await using var service = await WorkerAsync($"w-{id}");

        await Assert.ThrowsAsync<BusUnavailableException>(() =>
            service.Publisher.PublishToAsync("nobody", new ContainerStopped { ContainerId = "c" }, default));
    }

    [Fact]
    public async Task A_heartbeat_that_nobody_reads_in_time_is_gone_and_failed_ones_leave_no_letter()
    {
        await using var listener = await TestService.StartAsync(broker.Uri, bus => bus.Heartbeats<InboxConsumer<NodeHeartbeat>>());
        await using var scheduler = await Scheduler.ConnectAsync(broker.Uri);
        var unread = (await scheduler.Channel.QueueDeclareAsync($"vprox.test.{id}", durable: false, exclusive: false, autoDelete: false)).QueueName;
        await scheduler.Channel.QueueBindAsync(unread, "vprox.node-heartbeat", "");
        listener.Inbox.OnMessage = m => ((NodeHeartbeat)m).Sequence == 1 ? throw new InvalidOperationException("broken") : Task.CompletedTask;

        for (var sequence = 1; sequence <= 2; sequence++)
        {
            await listener.Publisher.PublishAsync(
                new NodeHeartbeat { NodeId = id, Sequence = sequence, StartedAt = DateTimeOffset.UnixEpoch, ServingCount = 0 }, default);
        }

        await listener.Inbox.NextAsync<NodeHeartbeat>(m => m.NodeId == id && m.Sequence == 2);
        await Eventually.GetAsync(async () => await scheduler.CountAsync(unread) == 0 ? "yes" : null, "the heartbeats' end");
    }

    [Fact]
    public async Task Messages_of_one_key_are_handled_one_after_the_other()
    {
        var queue = $"vprox.test.{id}";
        await using var service = await TestService.StartAsync(broker.Uri, bus => bus.Queue(queue, QueueKind.Quorum, q => q
            .Consumer<InboxConsumer<StaticIpServing>>().OrderedBy<StaticIpServing>(m => m.Address)));
        var under = new ConcurrentDictionary<string, int>();
        var most = new ConcurrentDictionary<string, int>();
        service.Inbox.OnMessage = async message =>
        {
            var key = ((StaticIpServing)message).Address;
            var now = under.AddOrUpdate(key, 1, (_, count) => count + 1);
            most.AddOrUpdate(key, now, (_, before) => Math.Max(before, now));
            await Task.Delay(Random.Shared.Next(5));
            under.AddOrUpdate(key, 0, (_, count) => count - 1);
        };

        for (var generation = 1; generation <= 100; generation++)
        {
            await service.Publisher.PublishAsync(
                new StaticIpServing { Address = $"192.0.2.{generation % 4}", NodeId = id, Generation = generation }, default);
        }

        await Eventually.TrueAsync(() => service.Inbox.Messages.OfType<StaticIpServing>().Count(m => m.NodeId == id) == 100, "100 messages");
        Assert.Equal(4, most.Count);
        Assert.All(most.Values, together => Assert.Equal(1, together));
    }

    private Task<TestService> WorkerAsync(string worker) => TestService.StartAsync(broker.Uri, bus =>
    {
        bus.DirectQueue<ContainerStarted, InboxConsumer<ContainerStarted>>(QueueNames.WorkerContainerStarted(worker), worker);
        bus.DirectQueue<ContainerStopped, InboxConsumer<ContainerStopped>>(QueueNames.WorkerContainerStopped(worker), worker);
    });
}
