using Vprox.Contracts;
using Vprox.Lab.Cloud;
using Vprox.Lab.Cloud.State;

namespace Vprox.Failover.Tests.Service;

[Collection(BrokerFixture.Name)]
public sealed class ReplacementTests(BrokerFixture broker)
{
    [Fact]
    public async Task A_terminated_node_and_a_dead_one_are_each_replaced_once_also_after_a_restart()
    {
        await using var lab = await FailoverFixture.StartOthersAsync(
            broker, null, null, $"--Failover:LaunchTemplateId={Fleets.LaunchTemplate}", "--Failover:ReplaceAfter=00:00:02");
        lab.Journal.Standings = [new NodeStanding { NodeId = FailoverFixture.Node2, Unhealthy = true, Draining = false, Cordoned = false }];
        await lab.StartFailoverAsync();
        await lab.Publisher.PublishAsync(new FailNode { NodeId = FailoverFixture.FarNode }, default);
        lab.Cloud.Region.Mutate((state, now) => InstanceLifecycle.Enter(state, state.Instances[FailoverFixture.Node1], InstanceState.ShuttingDown, now));

        var terminated = await lab.Journal.NextAsync<NodeReplaced>(m => m.NodeId == FailoverFixture.Node1);
        var dead = await lab.Journal.NextAsync<NodeReplaced>(m => m.NodeId == FailoverFixture.Node2);
        Assert.Contains("EC2 says", Assert.Single(terminated.Evidence));
        Assert.StartsWith("unhealthy for", Assert.Single(dead.Evidence));
        Assert.Equal(FailoverFixture.Node1, lab.Cloud.Region.Current.Instances[terminated.InstanceId].Tags["vprox-replaces"]);
        Assert.Equal("subnet-1", Assert.Single(lab.Cloud.Region.Current.NetworkInterfacesOf(terminated.InstanceId)).SubnetId);

        await lab.StopFailoverAsync();
        var looks = Looks(lab);
        await lab.StartFailoverAsync();
        // A look at the fleet asks for states and, when somebody is gone, for replacements.
        await Journal.UntilAsync(() => Looks(lab) >= looks + 4, "two looks at the fleet");
        Assert.Equal(5, lab.Cloud.Region.Current.Instances.Count);
        Assert.Equal(2, lab.Journal.Heard.OfType<NodeReplaced>().Count());
    }

    private static int Looks(FailoverFixture lab) => lab.Cloud.Region.Calls.Count(call => call.Action == "DescribeInstances");
}
