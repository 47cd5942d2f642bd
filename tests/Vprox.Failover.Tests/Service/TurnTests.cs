using System.Diagnostics;
using Vprox.Contracts;

namespace Vprox.Failover.Tests.Service;

/// <summary>Two replicas, of which one acts.</summary>
[Collection(BrokerFixture.Name)]
public sealed class TurnTests(BrokerFixture broker, ITestOutputHelper output)
{
    private const string Node = FailoverFixture.Node1;

    [Fact]
    public async Task When_the_active_replica_is_killed_the_other_takes_over_and_only_one_speaks_at_a_time()
    {
        await using var nodes = await WatchedNodes.StartNodesAsync(broker);
        using var active = FailoverProcess.Start(nodes.Lab.Settings);
        await nodes.KillAsync(Node);
        await nodes.Lab.Journal.NextAsync<NodeUnhealthy>(m => m.NodeId == Node);

        // The second one sees the same and says nothing.
        await nodes.Lab.StartFailoverAsync(isActive: false);
        await nodes.KillAsync(FailoverFixture.Node2);
        await nodes.Lab.Journal.NextAsync<NodeUnhealthy>(m => m.NodeId == FailoverFixture.Node2);
        Assert.False(nodes.Lab.IsActive);

        active.Kill();
        var killed = Stopwatch.GetTimestamp();
        await Journal.UntilAsync(() => nodes.Lab.IsActive, "the other replica's turn");
        output.WriteLine($"the other replica acted {Stopwatch.GetElapsedTime(killed).TotalMilliseconds:0} ms after the kill");
        await nodes.KillAsync(FailoverFixture.FarNode);
        await nodes.Lab.Journal.NextAsync<NodeUnhealthy>(m => m.NodeId == FailoverFixture.FarNode);
        Assert.Equal(1, nodes.Count<NodeUnhealthy>(m => m.NodeId == FailoverFixture.FarNode));
    }
}
