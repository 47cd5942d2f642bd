using System.Text.Json;

namespace Vprox.Acceptance.Tests;

/// <summary>The bandwidth of an address, from the scheduler's message to what a container gets.</summary>
public sealed class BandwidthTests(SharedLab shared) : AcceptanceTest(shared)
{
    private const int Low = 8;
    private const int High = 80;

    // Payload of TCP, in packets of which a ceiling counts all.
    private const double AboveLow = 1.1 * Low;

    [Fact]
    public async Task A_ceiling_is_raised_while_a_download_goes_on_and_a_request_that_comes_late_lowers_nothing()
    {
        var container = Worker.Containers[0];
        var (proxy, _) = await ProxyAsync();
        await RouteAsync(container, proxy);
        await AskForAsync(proxy, Low, revision: 2);
        await UntilAsync("a low ceiling", async () => await container.DownloadAsync(1_000_000) < AboveLow);

        var download = container.DownloadAsync(20_000_000);
        await Task.Delay(TimeSpan.FromSeconds(2));
        await AskForAsync(proxy, High, revision: 3);
        await AskForAsync(proxy, Low, revision: 1);

        // Below the low ceiling all of it would have taken 20 s.
        Assert.InRange(await download, 2 * Low, High);
        Assert.InRange(await container.DownloadAsync(10_000_000), 2 * Low, High);
    }

    private Task AskForAsync(string proxyId, int ceilingMbps, long revision) => Lab.Scheduler.PublishAsync(
        "vprox.proxy-requested", "", JsonSerializer.Serialize(new { proxyId, workspaceId = "ws-1", addressCount = 1, ceilingMbps, revision }));
}
