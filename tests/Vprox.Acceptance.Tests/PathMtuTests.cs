using System.Net;
using Vprox.Lab.Probes;
using Vprox.Lab.Topology;

namespace Vprox.Acceptance.Tests;

/// <summary>Path MTU discovery (RFC 1191) from end to end, through both agents and the Elastic IP.</summary>
public sealed class PathMtuTests(SharedLab shared) : AcceptanceTest(shared)
{
    // Behind a router that takes 1,300 bytes; nobody is there.
    private const string Far = "203.0.113.77";

    [Fact]
    public async Task A_container_is_told_by_its_worker_and_by_a_router_on_the_internet()
    {
        var container = Worker.Containers[0];
        // The gateway has no default route: the lab's internet is one subnet.
        Lab.Gateway.Namespace.Execute("ip", "route", "replace", $"{Far}/32", "via", $"{LabPlan.InternetRouter}");
        Lab.Internet.Namespace.Execute("ip", "route", "replace", $"{Far}/32", "via", $"{Worker.PublicAddress}", "mtu", "1300");
        var (proxy, _) = await ProxyAsync();
        await RouteAsync(container, proxy);

        using var datagrams = new LargeDatagrams(container.Namespace, new IPEndPoint(container.Address, 0), IPEndPoint.Parse($"{Far}:9"));

        await UntilAsync("the container knows its tunnel's 1420 bytes", () => Task.FromResult(datagrams.MtuAfterSending(1500) == 1420));
        await UntilAsync("the container knows the router's 1300 bytes", () => Task.FromResult(datagrams.MtuAfterSending(1420) == 1300));
    }
}
