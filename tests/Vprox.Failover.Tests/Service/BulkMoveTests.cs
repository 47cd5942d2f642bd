using System.Diagnostics;
using System.Globalization;
using Vprox.Contracts;
using Vprox.Lab.Cloud;

namespace Vprox.Failover.Tests.Service;

[Collection(BrokerFixture.Name)]
public sealed class BulkMoveTests(BrokerFixture broker, ITestOutputHelper output)
{
    private const int Count = 232;

    [Fact]
    public async Task All_addresses_of_a_dead_node_move_with_one_call_per_target_interface()
    {
        await using var lab = await FailoverFixture.StartOthersAsync(broker, new CloudSettings { EffectDelayMs = 300 }, Fleets.Large);
        foreach (var k in Enumerable.Range(0, Count)) lab.Hold(Placed(k, FailoverFixture.Node1, 1));
        await lab.StartFailoverAsync();
        await Journal.UntilAsync(() => lab.Cloud.Region.Calls.Any(call => call.Action == "DescribeAddresses"), "the first look");
        await lab.Publisher.PublishAsync(new FailNode { NodeId = FailoverFixture.Node1, Reason = "host dead" }, default);
        await lab.Journal.NextAsync<NodeUnhealthy>(m => m.NodeId == FailoverFixture.Node1);
        lab.Cloud.Region.ForgetCalls();
        var clock = Stopwatch.StartNew();

        await Task.WhenAll(Enumerable.Range(0, Count).Select(k => lab.PlaceAsync(Placed(k, FailoverFixture.Node2, 2), prepared: false)));
        var published = clock.Elapsed;
        await Journal.UntilAsync(() => lab.Journal.Heard.OfType<IpReassigned>().Count(m => m.Generation == 2) == Count, "all addresses");
        var told = clock.Elapsed;

        var calls = lab.Cloud.Region.Calls.Where(call => !call.Action.StartsWith("Describe", StringComparison.Ordinal)).ToList();
        var moves = lab.Journal.Heard.OfType<IpReassigned>().Where(m => m.Generation == 2).ToList();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{Count} addresses: {calls.Count} calls, placements published after {published.TotalMilliseconds:0} ms, all told moved after {told.TotalMilliseconds:0} ms; " +
            $"assign {moves.Max(m => m.StepsMs["assign"]):0} ms, confirm {moves.Max(m => m.StepsMs["confirm"]):0} ms at most"));
        Assert.All(calls, call => Assert.Equal("AssignPrivateIpAddresses", call.Action));
        Assert.InRange(calls.Count, 8, 8);
        Assert.True(told < TimeSpan.FromSeconds(10), $"{told} is no failover");
        Assert.Equal(Count, moves.Count);
        Assert.All(moves, move => Assert.Equal((FailoverFixture.Node1, FailoverFixture.Node2), (move.FromNodeId, move.ToNodeId)));
        Assert.All(Enumerable.Range(0, Count), k => Assert.Equal(FailoverFixture.Node2, lab.NodeOf(k)));
    }

    private static StaticIpPlaced Placed(int k, string node, long generation) => FailoverFixture.Placed(k, node, generation) with
    {
        PrivateAddress = $"10.0.{1 + (k / 100)}.{100 + (k % 100)}",
        NetworkInterfaceId = $"eni-{(node == FailoverFixture.Node1 ? 1 : 2)}{k % 8}",
        PlacedTogether = Count / 8,
    };
}
