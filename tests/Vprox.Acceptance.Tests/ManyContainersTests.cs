using System.Globalization;
using System.Net;
using System.Text.Json;
using Vprox.Lab.Probes;
using Vprox.Lab.Topology;
using Vprox.Netlink;

namespace Vprox.Acceptance.Tests;

/// <summary>A worker on which many containers start and stop at the same moment.</summary>
public sealed class ManyContainersTests(SharedLab shared) : AcceptanceTest(shared)
{
    private const int Count = 200;

    [Fact]
    public async Task Two_hundred_starts_at_once_make_200_rules_and_one_tunnel_and_200_stops_leave_nothing()
    {
        await WorkerState.EmptyAsync(Worker, Deadline);
        var (proxy, _) = await ProxyAsync();
        var addresses = Enumerable.Range(1, Count).Select(number => LabPlan.ContainerAddress(1, 30 + number)).ToList();
        using var containers = new ContainerAddresses(Worker.Containers[2], addresses);
        string NameOf(int index) => Id($"many-{index.ToString(CultureInfo.InvariantCulture)}");

        foreach (var (index, ip) in addresses.Index())
            await PublishAsync("vprox.container-started", new { containerId = NameOf(index), containerIp = ip.ToString(), proxyId = proxy });
        for (var index = 0; index < Count; index++)
        {
            var id = NameOf(index);
            var answer = await Lab.Scheduler.ExpectAsync(seen => seen.Text("containerId") == id, Deadline);
            Assert.True(answer.Exchange == "vprox.container-routed", $"{id}: {answer.Json}");
        }

        Assert.Equal(Count, await KernelPicture.OurRulesAsync(Worker));
        Assert.Equal(Count, WorkerState.Held(Worker).Count);
        Assert.Single(KernelPicture.LinksOf(Worker, "vw"));

        for (var index = 0; index < Count; index++)
            await PublishAsync("vprox.container-stopped", new { containerId = NameOf(index) });
        await WorkerState.EmptyAsync(Worker, Deadline);
    }

    private Task PublishAsync(string exchange, object message) => Lab.Scheduler.PublishAsync(exchange, Worker.WorkerId, JsonSerializer.Serialize(message));

    /// <summary>More addresses on one container's link: to the worker each is a container.</summary>
    private sealed class ContainerAddresses : IDisposable
    {
        private readonly LabContainer _container;
        private readonly int _link;
        private readonly IReadOnlyList<IPAddress> _addresses;

        public ContainerAddresses(LabContainer container, IReadOnlyList<IPAddress> addresses)
        {
            (_container, _addresses) = (container, addresses);
            _link = container.Route.Link("eth0")!.Index;
            container.Route.Execute([.. addresses.Select(ip => new AddAddress(_link, ip, 32))]);
        }

        public void Dispose() => _container.Route.Execute([.. _addresses.Select(ip => new DeleteAddress(_link, ip, 32))]);
    }
}
