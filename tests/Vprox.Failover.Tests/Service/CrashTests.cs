using Vprox.Contracts;
using Vprox.Lab.Cloud;
using Vprox.Lab.Cloud.Faults;

namespace Vprox.Failover.Tests.Service;

[Collection(BrokerFixture.Name)]
public sealed class CrashTests(BrokerFixture broker)
{
    private static readonly int[] Addresses = [1, 2, 3];

    [Fact]
    public Task Within_a_subnet_a_kill_at_any_call_loses_nothing() =>
        RunAsync([FailoverFixture.Node1, FailoverFixture.Node2], [("AssignPrivateIpAddresses", 1)]);

    [Fact]
    public Task Across_subnets_a_kill_at_any_call_loses_nothing() => RunAsync(
        [FailoverFixture.Node1, FailoverFixture.FarNode],
        [("AssignPrivateIpAddresses", 1), ("AssociateAddress", 1), ("AssociateAddress", 3), ("UnassignPrivateIpAddresses", 1)]);

    private async Task RunAsync(string[] nodes, (string Action, int Nth)[] calls)
    {
        await using var lab = await FailoverFixture.StartOthersAsync(
            broker, new CloudSettings { AnswerDelayMs = 0, EffectDelayMs = 0 }, null, "--Failover:ConfirmTimeout=00:00:01");
        foreach (var k in Addresses) lab.Hold(FailoverFixture.Placed(k, nodes[0], 1));
        var failover = FailoverProcess.Start(lab.Settings);
        var generation = 1;
        foreach (var (action, nth) in calls)
        {
            foreach (var point in Enum.GetValues<HoldPoint>())
            {
                var target = nodes[generation++ % 2];
                var held = lab.Cloud.Region.Holds.Place(new HoldRequest(action, nth, point));
                foreach (var k in Addresses) await lab.PlaceAsync(k, target, generation);
                await lab.Cloud.Region.Holds.Reached(held)!.WaitAsync(TimeSpan.FromSeconds(30));

                failover.Dispose();
                // Never on nothing, never on a node that was neither asked for nor left; an Elastic IP cannot be on two.
                Assert.All(Addresses, k => Assert.Contains(lab.NodeOf(k), nodes));
                lab.Cloud.Region.Holds.Release(held);
                failover = FailoverProcess.Start(lab.Settings);

                foreach (var k in Addresses)
                    await Journal.UntilAsync(() => lab.NodeOf(k) == target, $"{k} on {target} after a kill at {action} {nth}, {point}");
            }
        }
        failover.Dispose();
        var wanted = Addresses.Select(k => lab.Journal.Placements[$"192.0.2.{k}"].PrivateAddress);
        var held1 = lab.Cloud.Region.Current.NetworkInterfaces.Values.SelectMany(eni => eni.SecondaryAddresses).Select(address => address.ToString());
        Assert.Subset(held1.ToHashSet(), wanted.ToHashSet());
    }
}
