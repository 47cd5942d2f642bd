using Vprox.Contracts;
using Vprox.Lab.Cloud;

namespace Vprox.Failover.Tests.Service;

[Collection(BrokerFixture.Name)]
public sealed class MoveTests(BrokerFixture broker)
{
    [Fact]
    public async Task Addresses_are_placed_moved_and_given_back()
    {
        await using var lab = await FailoverFixture.StartAsync(broker);

        await lab.PlaceAsync(1, FailoverFixture.Node1, 1);
        await lab.PlaceAsync(2, FailoverFixture.Node1, 1);
        var first = await lab.Journal.NextAsync<IpReassigned>(m => m.Address == "192.0.2.1" && m.Generation == 1);
        await lab.Journal.NextAsync<IpReassigned>(m => m.Address == "192.0.2.2");
        Assert.Equal((null, FailoverFixture.Node1), (first.FromNodeId, first.ToNodeId));
        Assert.Equal(["assign", "associate", "confirm"], first.StepsMs.Keys.Order());

        await lab.PlaceAsync(1, FailoverFixture.Node2, 2);
        await lab.PlaceAsync(1, FailoverFixture.Node1, 1);
        var moved = await lab.Journal.NextAsync<IpReassigned>(m => m.Address == "192.0.2.1" && m.Generation == 2);
        Assert.Equal((FailoverFixture.Node1, FailoverFixture.Node2), (moved.FromNodeId, moved.ToNodeId));
        Assert.Equal(["assign", "confirm"], moved.StepsMs.Keys.Except(["wait"]).Order());
        Assert.Equal((FailoverFixture.Node2, FailoverFixture.Node1), (lab.NodeOf(1), lab.NodeOf(2)));

        // Across subnets the private address is another one, and the old one is given back.
        await lab.PlaceAsync(1, FailoverFixture.FarNode, 3);
        await lab.Journal.NextAsync<IpReassigned>(m => m.Address == "192.0.2.1" && m.Generation == 3);
        Assert.Equal(FailoverFixture.FarNode, lab.NodeOf(1));
        Assert.Empty(lab.Cloud.Region.Current.NetworkInterfaces["eni-2"].SecondaryAddresses);

        lab.Journal.Placements.TryRemove("192.0.2.1", out _);
        await lab.Publisher.PublishAsync(new StaticIpReleased { Address = "192.0.2.1", NodeId = FailoverFixture.FarNode, Generation = 4 }, default);
        await Journal.UntilAsync(() => lab.NodeOf(1) is null, "the release");
        await Journal.UntilAsync(() => lab.Cloud.Region.Current.NetworkInterfaces["eni-3"].SecondaryAddresses.IsEmpty, "the private address back");
    }

    [Fact]
    public async Task A_placement_whose_message_was_lost_is_found_by_the_timer()
    {
        await using var lab = await FailoverFixture.StartAsync(broker);

        await lab.PlaceAsync(3, FailoverFixture.Node2, 1, silently: true);

        await Journal.UntilAsync(() => lab.NodeOf(3) == FailoverFixture.Node2, "the address on its node");
    }

    [Fact]
    public async Task Throttling_lost_answers_and_lagging_reads_only_cost_time()
    {
        await using var lab = await FailoverFixture.StartAsync(broker, new CloudSettings { AnswerDelayMs = 0, EffectDelayMs = 0, DescribeLagMs = 1500 });
        lab.Cloud.Region.Inject(new InjectedFault { Action = "AssignPrivateIpAddresses", Code = "RequestLimitExceeded", Status = 503, Count = 2 });
        lab.Cloud.Region.Inject(new InjectedFault { Action = "AssociateAddress", AfterEffect = true, Count = 6 });

        foreach (var k in Enumerable.Range(1, 5)) await lab.PlaceAsync(k, FailoverFixture.Node1, 1);

        foreach (var k in Enumerable.Range(1, 5))
            await lab.Journal.NextAsync<IpReassigned>(m => m.Address == $"192.0.2.{k}");
        Assert.All(Enumerable.Range(1, 5), k => Assert.Equal(FailoverFixture.Node1, lab.NodeOf(k)));
    }

    [Fact]
    public async Task One_address_that_EC2_refuses_does_not_keep_the_others()
    {
        await using var lab = await FailoverFixture.StartAsync(broker);
        foreach (var k in Enumerable.Range(1, 4))
        {
            var placed = FailoverFixture.Placed(k, FailoverFixture.Node1, 1);
            await lab.PlaceAsync(k == 2 ? placed with { PrivateAddress = "10.0.9.9" } : placed, silently: true);
        }

        await lab.PlaceAsync(5, FailoverFixture.Node1, 1);

        foreach (var k in (int[])[1, 3, 4, 5])
            await Journal.UntilAsync(() => lab.NodeOf(k) == FailoverFixture.Node1, $"address {k} on its node");
        Assert.Null(lab.NodeOf(2));
    }
}
