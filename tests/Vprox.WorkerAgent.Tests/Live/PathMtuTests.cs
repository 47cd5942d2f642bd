using System.Net;
using Vprox.Lab.Probes;

namespace Vprox.WorkerAgent.Tests.Live;

/// <summary>Path MTU discovery (RFC 1191) of a routed container.</summary>
public sealed class PathMtuTests(BrokerFixture broker)
{
    private static readonly IPEndPoint Far = IPEndPoint.Parse("203.0.113.77:9");

    [Fact]
    public async Task A_container_is_told_what_its_tunnel_takes_and_what_a_router_beyond_it_takes()
    {
        await using var stage = await Stage.SetAsync(broker);
        var container = stage.Network.Container(1);
        WorkerNetwork.Ip(stage.Network.Internet, $"route add {Far.Address}/32 via 198.51.100.2 mtu 1300");
        await stage.RouteAsync(1);

        using var datagrams = new LargeDatagrams(container, new IPEndPoint(IPAddress.Parse(WorkerNetwork.AddressOf(1)), 0), Far);

        await WorkerNetwork.UntilAsync("the container knows its tunnel's 1420 bytes", () => datagrams.MtuAfterSending(1500) == 1420);
        await WorkerNetwork.UntilAsync("the container knows the router's 1300 bytes", () => datagrams.MtuAfterSending(1420) == 1300);
    }
}
