using Vprox.Contracts;
using Vprox.Lab.Cloud;
using Vprox.Lab.Cloud.Faults;

namespace Vprox.Failover.Tests.Service;

[Collection(BrokerFixture.Name)]
public sealed class DrainTests(BrokerFixture broker)
{
    [Fact]
    public async Task A_move_from_a_living_node_waits_until_its_target_is_prepared()
    {
        await using var lab = await StartAsync("--Failover:PrepareTimeout=00:00:30");
        var placed = FailoverFixture.Placed(1, FailoverFixture.Node2, 2) with { FromNodeId = FailoverFixture.Node1 };

        await lab.PlaceAsync(placed, prepared: false);
        await lab.SettleAsync();
        Assert.Equal(FailoverFixture.Node1, lab.NodeOf(1));
        await lab.PreparedAsync(placed with { Generation = 1 });
        await lab.PreparedAsync(placed with { NodeId = FailoverFixture.FarNode });
        await lab.SettleAsync();
        Assert.Equal(FailoverFixture.Node1, lab.NodeOf(1));

        await lab.PreparedAsync(placed);
        var moved = await lab.Journal.NextAsync<IpReassigned>(m => m.Generation == 2);
        Assert.Equal((FailoverFixture.Node1, FailoverFixture.Node2), (moved.FromNodeId, moved.ToNodeId));
        Assert.True(moved.StepsMs["wait"] > 0);
    }

    [Fact]
    public async Task The_wait_ends_with_the_death_of_the_node_and_with_its_time()
    {
        await using var lab = await StartAsync("--Failover:PrepareTimeout=00:00:03");
        await lab.PlaceAsync(FailoverFixture.Placed(2, FailoverFixture.Node2, 2), prepared: false);
        var waited = await lab.Journal.NextAsync<IpReassigned>(m => m.Address == "192.0.2.2" && m.Generation == 2);
        Assert.InRange(waited.StepsMs["wait"], 3000, 30_000);

        await lab.PlaceAsync(FailoverFixture.Placed(1, FailoverFixture.Node2, 2), prepared: false);
        await lab.Publisher.PublishAsync(new FailNode { NodeId = FailoverFixture.Node1 }, default);
        var hurried = await lab.Journal.NextAsync<IpReassigned>(m => m.Address == "192.0.2.1" && m.Generation == 2);
        Assert.InRange(hurried.StepsMs.GetValueOrDefault("wait"), 0, 2999);
    }

    [Fact]
    public async Task The_target_s_word_confirms_a_move_while_EC2_shows_the_past()
    {
        await using var lab = await StartAsync("--Failover:ConfirmTimeout=00:00:20");
        var now = lab.Cloud.Region.Now;
        lab.Cloud.Region.Settings = lab.Cloud.Region.Settings with { DescribeAsOf = now };

        var placed = FailoverFixture.Placed(1, FailoverFixture.Node2, 2);
        await lab.PlaceAsync(placed);
        await Journal.UntilAsync(() => lab.NodeOf(1) == FailoverFixture.Node2, "the address on its node");
        await lab.Publisher.PublishAsync(new StaticIpServing { Address = placed.Address, NodeId = placed.NodeId, Generation = 2 }, default);

        await lab.Journal.NextAsync<IpReassigned>(m => m.Address == placed.Address && m.Generation == 2);
        lab.Cloud.Region.Settings = lab.Cloud.Region.Settings with { DescribeAsOf = null };
        await lab.SettleAsync();
        Assert.Single(lab.Journal.Heard.OfType<IpReassigned>(), m => m.Generation == 2);
    }

    [Fact]
    public async Task A_slow_call_is_made_a_second_time_and_holds_nobody_else()
    {
        await using var lab = await StartAsync();
        var held = lab.Cloud.Region.Holds.Place(new HoldRequest("AssignPrivateIpAddresses", 1, HoldPoint.Arrival));
        await lab.PlaceAsync(1, FailoverFixture.Node2, 2);
        await lab.Cloud.Region.Holds.Reached(held)!.WaitAsync(TimeSpan.FromSeconds(30));

        await lab.PlaceAsync(2, FailoverFixture.Node2, 2);

        var second = await lab.Journal.NextAsync<IpReassigned>(m => m.Address == "192.0.2.2" && m.Generation == 2);
        var first = await lab.Journal.NextAsync<IpReassigned>(m => m.Address == "192.0.2.1" && m.Generation == 2);
        Assert.True(second.StepsMs["assign"] < first.StepsMs["assign"]);
        Assert.InRange(first.StepsMs["assign"], 900, 9000);
        lab.Cloud.Region.Holds.Release(held);
    }

    private async Task<FailoverFixture> StartAsync(params string[] settings)
    {
        var lab = await FailoverFixture.StartOthersAsync(broker, new CloudSettings { AnswerDelayMs = 0, EffectDelayMs = 0 }, null, settings);
        foreach (var k in (int[])[1, 2]) lab.Hold(FailoverFixture.Placed(k, FailoverFixture.Node1, 1));
        await lab.StartFailoverAsync();
        await lab.SettleAsync();
        return lab;
    }
}
