using Vprox.Lab.Broker;

namespace Vprox.Acceptance.Tests;

/// <summary>The broker goes and comes back; what runs goes on, and what was asked for is answered.</summary>
public sealed class BrokerOutageTests(SharedLab shared) : AcceptanceTest(shared)
{
    private RabbitBroker Broker => Lab.Broker!;

    [Fact]
    public async Task A_broker_restarted_and_killed_in_the_middle_costs_no_traffic_and_a_request_afterwards_is_met()
    {
        var (proxy, address) = await ProxyAsync("before");
        await RouteAsync(Worker.Containers[0], proxy, "before");

        // In this order: RabbitMQ 3.10 loses quorum queues that are younger than three minutes in a power cut (RabbitBroker.KillAsync), but not
        // those it has written down at an orderly end.
        foreach (var end in (Func<Task>[])[() => Broker.StopAsync(), () => Broker.KillAsync()])
        {
            await end();
            Assert.Equal(address.ToString(), await Worker.Containers[0].SeenAddressAsync());
            await Broker.StartAgainAsync();
            await Lab.ReconnectSchedulerAsync();
            await Lab.AllReadyAsync();
        }

        var (next, another) = await ProxyAsync("after");
        await RouteAsync(Worker.Containers[1], next, "after");
        Assert.Equal(another.ToString(), await Worker.Containers[1].SeenAddressAsync());
        Assert.Equal(address.ToString(), await Worker.Containers[0].SeenAddressAsync());
    }

    [Fact]
    public async Task Services_that_start_without_a_broker_wait_and_go_on_when_it_appears()
    {
        var (proxy, address) = await ProxyAsync("before");
        await RouteAsync(Worker.Containers[0], proxy, "before");
        await Broker.StopAsync();
        foreach (var (_, process) in Lab.Services)
            process.Kill9();

        foreach (var (_, process) in Lab.Services)
            process.Start();
        await UntilAsync("every service says that the bus is away", () =>
            Task.FromResult(Lab.Services.All(each => each.Process.Tail(8).Contains("unreachable", StringComparison.OrdinalIgnoreCase))));
        Assert.All(Lab.Services, each => Assert.True(each.Process.IsRunning, each.Process.Tail()));
        Assert.Equal(address.ToString(), await Worker.Containers[0].SeenAddressAsync());

        await Broker.StartAgainAsync();
        await Lab.ReconnectSchedulerAsync();
        await Lab.AllReadyAsync();
        var (next, another) = await ProxyAsync("after");
        await RouteAsync(Worker.Containers[1], next, "after");
        Assert.Equal(another.ToString(), await Worker.Containers[1].SeenAddressAsync());
    }
}
