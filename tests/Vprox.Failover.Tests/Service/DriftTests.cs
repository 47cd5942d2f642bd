using System.Net;
using Vprox.Contracts;
using Vprox.Lab.Cloud;
using Vprox.Lab.Cloud.State.Commands;

namespace Vprox.Failover.Tests.Service;

[Collection(BrokerFixture.Name)]
public sealed class DriftTests(BrokerFixture broker)
{
    [Fact]
    public async Task What_somebody_changes_by_hand_is_moved_back_or_reported_once()
    {
        await using var lab = await FailoverFixture.StartOthersAsync(
            broker, new CloudSettings { AnswerDelayMs = 0, EffectDelayMs = 0 }, null, "--Failover:DriftInterval=00:00:01");
        foreach (var k in (int[])[1, 2, 3]) lab.Hold(FailoverFixture.Placed(k, FailoverFixture.Node1, 1));
        await lab.StartFailoverAsync();
        // What is not where it belongs at the first look is moved there, and has drifted for nobody.
        await Journal.UntilAsync(() => Sweeps(lab) >= 2, "a look after the first");

        // The private address with its Elastic IP, the Elastic IP alone, and neither of them ours.
        lab.Cloud.Region.Execute(new AssignPrivateIpAddresses
        {
            NetworkInterfaceId = "eni-2", PrivateIpAddresses = [IPAddress.Parse("10.0.1.101")], AllowReassignment = true,
        });
        lab.Cloud.Region.Execute(new DisassociateAddress { AssociationId = lab.Cloud.Region.Current.ElasticIps["eipalloc-2"].Association!.Id });
        lab.Cloud.Region.Execute(new AssignPrivateIpAddresses { NetworkInterfaceId = "eni-2", PrivateIpAddresses = [IPAddress.Parse("10.0.1.77"), IPAddress.Parse("10.0.1.78")] });
        lab.Cloud.Region.Execute(new AssociateAddress { AllocationId = "eipalloc-9", NetworkInterfaceId = "eni-2", PrivateIpAddress = IPAddress.Parse("10.0.1.78") });

        await Journal.UntilAsync(() => (lab.NodeOf(1), lab.NodeOf(2)) == (FailoverFixture.Node1, FailoverFixture.Node1), "both addresses where they belong");
        Assert.True((await lab.Journal.NextAsync<PlacementDrifted>(m => m.Address == "192.0.2.1")).Repaired);
        Assert.True((await lab.Journal.NextAsync<PlacementDrifted>(m => m.Address == "192.0.2.2")).Repaired);
        Assert.False((await lab.Journal.NextAsync<PlacementDrifted>(m => m.Address == "192.0.2.9")).Repaired);
        Assert.StartsWith("10.0.1.77 ", (await lab.Journal.NextAsync<PlacementDrifted>(m => m.Address is null)).Found);
        Assert.Equal(FailoverFixture.Node2, lab.NodeOf(9));

        var sweeps = Sweeps(lab);
        await Journal.UntilAsync(() => Sweeps(lab) >= sweeps + 4, "more sweeps");
        Assert.Equal(4, lab.Journal.Heard.OfType<PlacementDrifted>().Count());
        Assert.DoesNotContain(lab.Journal.Heard.OfType<IpReassigned>(), m => m.Address == "192.0.2.3");
    }

    [Fact]
    public async Task A_release_that_comes_before_the_first_snapshot_leaves_nothing_behind()
    {
        await using var lab = await FailoverFixture.StartOthersAsync(broker);
        lab.Hold(FailoverFixture.Placed(4, FailoverFixture.Node1, 1));
        lab.Journal.Placements.Clear();
        await lab.StartFailoverAsync();

        await lab.Publisher.PublishAsync(new StaticIpReleased { Address = "192.0.2.4", NodeId = FailoverFixture.Node1, Generation = 2 }, default);

        await Journal.UntilAsync(() => lab.NodeOf(4) is null, "the release");
        await Journal.UntilAsync(() => lab.Cloud.Region.Current.NetworkInterfaces["eni-1"].SecondaryAddresses.IsEmpty, "the private address back");
    }

    private static int Sweeps(FailoverFixture lab) => lab.Cloud.Region.Calls.Count(call => call.Action == "DescribeNetworkInterfaces");
}
