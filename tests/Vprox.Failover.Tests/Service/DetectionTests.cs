using Vprox.Contracts;
using Vprox.Lab.Cloud.State;

namespace Vprox.Failover.Tests.Service;

[Collection(BrokerFixture.Name)]
public sealed class DetectionTests(BrokerFixture broker)
{
    private const string Dead = FailoverFixture.Node1;
    private const string Other = FailoverFixture.Node2;
    private static readonly string[] Workers = ["w1", "w2"];

    [Fact]
    public async Task A_dead_host_is_suspected_declared_and_comes_back_when_it_was_well_for_a_while()
    {
        await using var nodes = await WatchedNodes.StartAsync(broker, "--Failover:RecoverAfter=00:00:02");
        await nodes.Lab.PlaceAsync(1, Dead, 1);

        await nodes.KillAsync(Dead);

        await nodes.Lab.Journal.NextAsync<NodeSuspected>(m => m.NodeId == Dead);
        var dead = await nodes.Lab.Journal.NextAsync<NodeUnhealthy>(m => m.NodeId == Dead);
        Assert.StartsWith("no heartbeat for ", dead.Evidence[0]);
        Assert.EndsWith("found no way to it", dead.Evidence[1]);
        nodes.Revive(Dead);
        var well = await nodes.Lab.Journal.NextAsync<NodeRecovered>(m => m.NodeId == Dead);
        Assert.StartsWith("heard without a gap for ", well.Evidence[0]);
        Assert.Equal(0, nodes.Count<NodeUnhealthy>(m => m.NodeId != Dead));
    }

    [Fact]
    public async Task A_node_that_lost_the_bus_alone_is_only_suspected_until_EC2_stops_it()
    {
        await using var nodes = await WatchedNodes.StartAsync(broker);

        await nodes.SilenceAsync(Dead);
        await nodes.Lab.Journal.NextAsync<NodeSuspected>(m => m.NodeId == Dead);
        await Task.Delay(TimeSpan.FromSeconds(2));
        Assert.Equal(0, nodes.Count<NodeUnhealthy>(_ => true));

        nodes.Lab.Cloud.Region.Mutate((state, now) => InstanceLifecycle.Enter(state, state.Instances[Dead], InstanceState.Stopping, now));
        var dead = await nodes.Lab.Journal.NextAsync<NodeUnhealthy>(m => m.NodeId == Dead);
        Assert.Contains(dead.Evidence, sentence => sentence.StartsWith("EC2 says stop", StringComparison.Ordinal));
        await Journal.UntilAsync(() => nodes.Lab.Cloud.Region.Queues.CountOf("vprox-events") == 0, "the events deleted");
    }

    [Fact]
    public async Task A_frozen_host_and_a_node_in_trouble_are_declared()
    {
        await using var nodes = await WatchedNodes.StartAsync(broker, "--Failover:HungAfter=00:00:02", "--Failover:GreyAfter=00:00:01");

        nodes.Stub(Dead).Hang();
        await nodes.SilenceAsync(Dead);
        var frozen = await nodes.Lab.Journal.NextAsync<NodeUnhealthy>(m => m.NodeId == Dead);
        Assert.EndsWith("answered none", frozen.Evidence[1]);

        nodes.Heartbeats(Other).Trouble = "nft refused\nthe ruleset";
        var grey = await nodes.Lab.Journal.NextAsync<NodeUnhealthy>(m => m.NodeId == Other);
        Assert.EndsWith(": nft refused the ruleset", grey.Evidence[1]);
    }

    [Fact]
    public async Task Two_workers_that_lost_a_node_which_answers_no_probe_confirm_it()
    {
        await using var nodes = await WatchedNodes.StartAsync(broker);
        await nodes.Lab.PlaceAsync(1, Dead, 1);
        await nodes.Lab.PlaceAsync(2, Other, 1);
        await nodes.Lab.Publisher.PublishAsync(new StaticIpServing { Address = "192.0.2.1", NodeId = Dead, Generation = 1 }, default);
        await nodes.Lab.Publisher.PublishAsync(new StaticIpServing { Address = "192.0.2.2", NodeId = Other, Generation = 1 }, default);
        // Failover knows that both use the node: the first to complain does not speak alone.
        foreach (var worker in Workers)
            await nodes.Lab.Publisher.PublishAsync(
                new TunnelRestored { WorkerId = worker, Addresses = ["192.0.2.1", "192.0.2.2"], At = TimeProvider.System.GetUtcNow() }, default);
        nodes.Stub(Dead).Refuse();

        var complaining = Task.Run(async () =>
        {
            // A node is given 5 s after it began to serve.
            await Task.Delay(TimeSpan.FromSeconds(6));
            foreach (var worker in Workers)
                await nodes.Lab.Publisher.PublishAsync(
                    new TunnelLost { WorkerId = worker, Addresses = ["192.0.2.1"], Carrying = ["192.0.2.2"], At = TimeProvider.System.GetUtcNow() }, default);
        });

        var dead = await nodes.Lab.Journal.NextAsync<NodeUnhealthy>(m => m.NodeId == Dead);
        Assert.Contains(dead.Evidence, sentence => sentence.StartsWith("2 workers lost all tunnels to it", StringComparison.Ordinal));
        Assert.StartsWith("heartbeat ", dead.Evidence[0]);
        await complaining;
    }
}
