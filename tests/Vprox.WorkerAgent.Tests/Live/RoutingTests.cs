using System.Net;

namespace Vprox.WorkerAgent.Tests.Live;

public sealed class RoutingTests(BrokerFixture broker)
{
    [Fact]
    public async Task A_container_leaves_from_the_static_address_within_its_port_blocks_and_never_otherwise()
    {
        await using var stage = await Stage.SetAsync(broker);
        var routed = stage.Network.Container(1);
        var other = stage.Network.Container(2);
        await stage.RouteAsync(1);
        var before = stage.Network.Leaked();

        var ports = new HashSet<int>();
        for (var i = 0; i < 20; i++)
        {
            var seen = IPEndPoint.Parse(await WorkerNetwork.SeenFromAsync(routed));
            Assert.Equal(WorkerNetwork.StaticAddress, seen.Address);
            Assert.InRange(seen.Port, 1024, 1535);
            ports.Add(seen.Port / 256);
        }
        // Both blocks are used.
        Assert.Equal(2, ports.Count);
        Assert.Equal(before, stage.Network.Leaked());

        // Who asked for nothing leaves as before, and reaches its neighbour on the bridge.
        Assert.Equal(WorkerNetwork.WorkerAddress, IPEndPoint.Parse(await WorkerNetwork.SeenFromAsync(other)).Address);
        other.Execute("ping", "-c", "1", "-W", "5", WorkerNetwork.AddressOf(1));
    }
}
