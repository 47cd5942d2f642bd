using Vprox.Contracts;
using Vprox.Lab.Cloud.State;

namespace Vprox.Failover.Tests.Service;

/// <summary>Operators' commands and EC2's notices.</summary>
[Collection(BrokerFixture.Name)]
public sealed class NoticeTests(BrokerFixture broker)
{
    private const string Node = FailoverFixture.Node1;

    [Fact]
    public async Task A_node_is_drained_once_however_often_it_is_asked_and_an_unknown_one_not_at_all()
    {
        await using var nodes = await WatchedNodes.StartAsync(broker);

        await nodes.Lab.Publisher.PublishAsync(new DrainNode { NodeId = "no-such-node" }, default);
        await nodes.Lab.Publisher.PublishAsync(new DrainNode { NodeId = Node, Reason = "a new kernel" }, default);
        // Two on the way at once may be taken in either order.
        var draining = await nodes.Lab.Journal.NextAsync<NodeDraining>(_ => true);
        Assert.Equal((Node, "a new kernel"), (draining.NodeId, Assert.Single(draining.Evidence)));

        await nodes.Lab.Publisher.PublishAsync(new DrainNode { NodeId = Node }, default);
        await nodes.Lab.Publisher.PublishAsync(new FailNode { NodeId = FailoverFixture.Node2, Reason = "it smokes" }, default);

        var failed = await nodes.Lab.Journal.NextAsync<NodeUnhealthy>(m => m.NodeId == FailoverFixture.Node2);
        Assert.Contains("an operator declared it dead: it smokes", failed.Evidence);
        Assert.Equal(1, nodes.Count<NodeDraining>(_ => true));
    }

    [Fact]
    public async Task A_spot_interruption_and_a_scheduled_event_drain()
    {
        await using var nodes = await WatchedNodes.StartAsync(broker, "--Failover:InstanceSweepInterval=00:00:01");

        nodes.Lab.Cloud.Region.Mutate((state, now) => state.With(state.Instances[Node] with { Interruption = new("terminate", now.AddMinutes(2)) }));
        nodes.Lab.Cloud.Region.Mutate((state, now) => state.With(state.Instances[FailoverFixture.Node2] with { Events = [Retirement(now)] }));

        var spot = await nodes.Lab.Journal.NextAsync<NodeDraining>(m => m.NodeId == Node);
        Assert.StartsWith("EC2 announced a spot interruption, terminate", Assert.Single(spot.Evidence));
        var retired = await nodes.Lab.Journal.NextAsync<NodeDraining>(m => m.NodeId == FailoverFixture.Node2);
        Assert.Contains("RETIREMENT", Assert.Single(retired.Evidence), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Malformed_messages_in_the_queue_are_deleted_and_keep_nothing_back()
    {
        await using var nodes = await WatchedNodes.StartAsync(broker);
        var queues = nodes.Lab.Cloud.Region.Queues;

        foreach (var body in (string[])["", "{", "[1]", "\u0000\n", """{"detail-type":"EC2 Instance State-change Notification","detail":{}}""", new string('x', 100_000)])
            queues.Send("vprox-events", body);
        queues.Send("vprox-events", """
            {"detail-type":"EC2 Instance State-change Notification","time":"2026-01-02T03:04:05Z","detail":{"instance-id":"i-of-somebody-else","state":"terminated"}}
            """);
        nodes.Lab.Cloud.Region.Mutate((state, now) => InstanceLifecycle.Enter(state, state.Instances[Node], InstanceState.ShuttingDown, now));

        await nodes.Lab.Journal.NextAsync<NodeUnhealthy>(m => m.NodeId == Node);
        await Journal.UntilAsync(() => queues.CountOf("vprox-events") == 0, "an empty queue");
        Assert.Equal(1, nodes.Count<NodeUnhealthy>(_ => true));
    }

    [Fact]
    public async Task Without_the_queue_the_sweep_finds_what_EC2_did()
    {
        await using var nodes = await WatchedNodes.StartAsync(
            broker, "--Failover:InstanceSweepInterval=00:00:01", "--Failover:SqsQueueUrl=http://127.0.0.1:1/123456789012/nothing-there");

        nodes.Lab.Cloud.Region.Mutate((state, now) => InstanceLifecycle.Enter(state, state.Instances[Node], InstanceState.Stopped, now));
        nodes.Lab.Cloud.Region.Mutate((state, now) => state.With(state.Instances[FailoverFixture.Node2] with { Events = [Retirement(now)] }));

        var dead = await nodes.Lab.Journal.NextAsync<NodeUnhealthy>(m => m.NodeId == Node);
        Assert.Contains("EC2 says stopped", dead.Evidence);
        var retired = await nodes.Lab.Journal.NextAsync<NodeDraining>(m => m.NodeId == FailoverFixture.Node2);
        Assert.StartsWith("EC2 announced instance-retirement not before ", Assert.Single(retired.Evidence));
    }

    private static ScheduledEvent Retirement(DateTimeOffset now) => new("instance-event-1", "instance-retirement", now.AddDays(3));
}
