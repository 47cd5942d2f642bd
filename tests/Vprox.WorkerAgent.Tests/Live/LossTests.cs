using System.Net;

namespace Vprox.WorkerAgent.Tests.Live;

public sealed class LossTests(BrokerFixture broker)
{
    [Fact]
    public async Task A_tunnel_whose_node_died_is_reported_stays_closed_and_comes_back_on_the_next_one()
    {
        await using var stage = await Stage.SetAsync(broker);
        var container = stage.Network.Container(1);
        await stage.RouteAsync(1);
        Assert.Equal(WorkerNetwork.StaticAddress, IPEndPoint.Parse(await WorkerNetwork.SeenFromAsync(container)).Address);

        await stage.Node.FallAsync();
        await WorkerNetwork.UntilAsync("the loss is reported", () => stage.Control.Lost.Any());
        Assert.Equal(WorkerNetwork.StaticAddress.ToString(), Assert.Single(stage.Control.Lost.First().Addresses));
        Assert.True(await WorkerNetwork.IsClosedAsync(container, TimeSpan.FromSeconds(2)));

        // The next node has the key but not the peer: only a /connect with the old grant brings it back.
        await stage.Node.RaiseAsync();
        await WorkerNetwork.UntilAsync("it is reported as restored", () => stage.Control.Restored.Any());
        Assert.Equal(WorkerNetwork.StaticAddress, IPEndPoint.Parse(await WorkerNetwork.SeenFromAsync(container)).Address);
        Assert.Equal((1, 0), (stage.Control.Grants, (int)stage.Network.Leaked()));

        // The word of the older move comes late: a session begun anew for it would cost traffic.
        await stage.Control.MoveAsync(WorkerNetwork.StaticAddress.ToString(), 7);
        await WorkerNetwork.UntilAsync("the tunnel was looked at", () => HasMoved(7));
        await stage.Control.MoveAsync(WorkerNetwork.StaticAddress.ToString(), 6);
        await stage.Control.MoveAsync(WorkerNetwork.StaticAddress.ToString(), 8);
        await WorkerNetwork.UntilAsync("the tunnel was looked at again", () => HasMoved(8));
        Assert.False(HasMoved(6));

        bool HasMoved(long generation) => stage.Agent.Log.Contains($"moved to node i-2 with generation {generation}", StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_handshake_that_the_next_node_begins_brings_a_lost_tunnel_back_without_a_connect()
    {
        await using var stage = await Stage.SetAsync(broker);
        var container = stage.Network.Container(1);
        await stage.RouteAsync(1);
        await WorkerNetwork.SeenFromAsync(container);
        var peers = await stage.Node.SeenPeersAsync();
        var connects = stage.Node.Connects;
        stage.Node.Instead = _ => Microsoft.AspNetCore.Http.Results.StatusCode(503);

        await stage.Node.FallAsync();
        await WorkerNetwork.UntilAsync("the loss is said, and said again", () => stage.Control.Lost.Count() > 1);
        await stage.Node.RaiseAsync(peers);

        await WorkerNetwork.UntilAsync("it is reported as restored", () => stage.Control.Restored.Any());
        Assert.Equal(WorkerNetwork.StaticAddress, IPEndPoint.Parse(await WorkerNetwork.SeenFromAsync(container)).Address);
        Assert.Equal((connects, 0), (stage.Node.Connects, (int)stage.Network.Leaked()));
    }
}
