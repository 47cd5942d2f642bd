using Vprox.Contracts;

namespace Vprox.Failover.Tests.Service;

/// <summary>A placement that is delivered when it is long over, to a Failover that has not heard of it before.</summary>
[Collection(BrokerFixture.Name)]
public sealed class LateMessageTests(BrokerFixture broker)
{
    [Fact]
    public async Task A_placement_that_the_snapshot_should_have_named_moves_nothing()
    {
        await using var lab = await FailoverFixture.StartOthersAsync(broker);
        lab.Hold(FailoverFixture.Placed(1, FailoverFixture.Node1, 6));
        lab.Journal.UpTo = 7;
        await lab.StartFailoverAsync();

        // Released since, and its private address is the other's by now.
        var late = FailoverFixture.Placed(2, FailoverFixture.Node1, 3) with { PrivateAddress = FailoverFixture.Placed(1, FailoverFixture.Node1, 6).PrivateAddress };
        await lab.Publisher.PublishAsync(late, default);
        await lab.PlaceAsync(3, FailoverFixture.Node2, 8);

        await lab.Journal.NextAsync<IpReassigned>(m => m.Address == "192.0.2.3");
        await lab.SettleAsync();
        Assert.Equal((FailoverFixture.Node1, null), (lab.NodeOf(1), lab.NodeOf(2)));
    }

    [Fact]
    public async Task Nothing_is_moved_before_the_first_snapshot_and_nothing_is_lost()
    {
        await using var lab = await FailoverFixture.StartOthersAsync(broker);
        lab.Journal.Answers = false;
        await lab.StartFailoverAsync(isActive: false);
        await Journal.UntilAsync(() => lab.IsActive, "the turn");
        var asked = lab.Journal.Asked;
        await lab.PlaceAsync(1, FailoverFixture.Node1, 1);
        await Journal.UntilAsync(() => lab.Journal.Asked > asked, "another request for a snapshot");
        Assert.Null(lab.NodeOf(1));

        lab.Journal.Answers = true;
        await Journal.UntilAsync(() => lab.NodeOf(1) == FailoverFixture.Node1, "the address on its node");
    }
}
