using System.Diagnostics;
using System.Net;

namespace Vprox.Acceptance.Tests;

/// <summary>A node dies; its addresses live on another.</summary>
public sealed class NodeDeathTests(SharedLab shared) : AcceptanceTest(shared)
{
    private static readonly TimeSpan Recovery = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_static_address_is_back_on_another_node_within_30_s_and_the_dead_one_does_not_serve_it_when_it_returns()
    {
        var container = Worker.Containers[0];
        var (proxy, address) = await ProxyAsync();
        await RouteAsync(container, proxy);
        var dead = await NodeOfAsync(address);
        var privateAddress = await PrivateAddressOfAsync(address);

        await dead.KillAsync();
        var started = Stopwatch.GetTimestamp();
        try
        {
            await SeenAgainAsync(address, Recovery);
            TestContext.Current.TestOutputHelper?.WriteLine($"a new connection works {Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s after the power cut");
            Assert.NotEqual(dead.Name, (await NodeOfAsync(address)).Name);
            Assert.Equal(Worker.PublicAddress.ToString(), await Worker.Containers[1].SeenAddressAsync());
        }
        finally
        {
            dead.Revive();
            await Lab.AllReadyAsync();
        }

        await UntilAsync($"{dead.Name} has let go of {privateAddress}", () =>
            Task.FromResult(dead.Route.Addresses().All(each => !each.Address.Equals(privateAddress))));
        Assert.NotEqual(dead.Name, (await NodeOfAsync(address)).Name);
        await SeenAgainAsync(address, Recovery);
        await UntilAsync($"{dead.Name} takes addresses again", async () =>
        {
            var next = await AskForProxyAsync(Id($"next-{Guid.NewGuid():N}"));
            return next.Exchange == "vprox.proxy-ready" && (await NodeOfAsync(IPAddress.Parse(next.Addresses[0]))).Name == dead.Name;
        });
    }

    /// <summary>Tries until a new connection works; it must never show another address.</summary>
    private Task SeenAgainAsync(IPAddress address, TimeSpan within) => UntilAsync($"a new connection from {address}", async () =>
    {
        try
        {
            using var attempt = new CancellationTokenSource(TimeSpan.FromMilliseconds(700));
            Assert.Equal(address.ToString(), await Worker.Containers[0].SeenAddressAsync(attempt.Token));
            return true;
        }
        catch (Exception unreachable) when (unreachable is HttpRequestException or OperationCanceledException)
        {
            return false;
        }
    }, within);
}
