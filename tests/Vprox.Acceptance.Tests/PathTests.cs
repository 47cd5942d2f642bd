using System.Net;

namespace Vprox.Acceptance.Tests;

/// <summary>The way of a request, from the scheduler's JSON to the address that a server sees.</summary>
public sealed class PathTests(SharedLab shared) : AcceptanceTest(shared)
{
    private const long HundredMegabytes = 100_000_000;

    [Fact]
    public async Task A_container_leaves_with_its_static_address_and_its_neighbour_with_the_workers()
    {
        var (first, second) = (Worker.Containers[0], Worker.Containers[1]);
        Assert.Equal(Worker.PublicAddress.ToString(), await first.SeenAddressAsync());

        var (proxy, address) = await ProxyAsync();
        var id = await RouteAsync(first, proxy);

        Assert.Equal(address.ToString(), (await AnswerAsync(id)).Text("address"));
        Assert.Equal(address.ToString(), await first.SeenAddressAsync());
        Assert.Equal(Worker.PublicAddress.ToString(), await second.SeenAddressAsync());
        var rate = await first.DownloadAsync(HundredMegabytes);
        TestContext.Current.TestOutputHelper?.WriteLine($"100 MB at {rate:0} Mbit/s");

        await StopAsync(id, first);
        Assert.Equal(Worker.PublicAddress.ToString(), await first.SeenAddressAsync());
    }

    [Fact]
    public async Task Two_workspaces_on_one_worker_leave_with_their_own_addresses()
    {
        var (ours, address) = await ProxyAsync("ours", "ws-1");
        var (theirs, other) = await ProxyAsync("theirs", "ws-2");

        await Task.WhenAll(RouteAsync(Worker.Containers[0], ours, "ours"), RouteAsync(Worker.Containers[1], theirs, "theirs"));

        Assert.NotEqual(address, other);
        Assert.Equal(address.ToString(), await Worker.Containers[0].SeenAddressAsync());
        Assert.Equal(other.ToString(), await Worker.Containers[1].SeenAddressAsync());
    }

    [Fact]
    public async Task A_proxy_of_five_addresses_has_five_and_a_container_leaves_with_one_of_them()
    {
        var ready = await AskForProxyAsync(Id("five"), addressCount: 5);

        Assert.Equal("vprox.proxy-ready", ready.Exchange);
        Assert.Equal(5, ready.Addresses.Select(IPAddress.Parse).Distinct().Count());
        await RouteAsync(Worker.Containers[0], Id("five"));
        Assert.Contains(await Worker.Containers[0].SeenAddressAsync(), ready.Addresses);
    }
}
