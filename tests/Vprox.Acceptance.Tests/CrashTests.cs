using Vprox.Lab.Probes;
using Vprox.Lab.Topology;
using Vprox.Lab.Topology.Processes;

namespace Vprox.Acceptance.Tests;

/// <summary>An agent that is killed leaves the kernel as it is, traffic goes on, and the restarted agent adopts what it finds.</summary>
public sealed class CrashTests(SharedLab shared) : AcceptanceTest(shared)
{
    private static readonly TimeSpan LongestStall = TimeSpan.FromMilliseconds(200);
    private const int Attempts = 3;

    [Fact]
    public async Task A_killed_NodeAgent_stalls_no_download_and_its_successor_doubles_nothing()
    {
        var address = await RoutedAsync();
        var node = await NodeOfAsync(address);
        await SurvivesAsync(node, node.Agent);
    }

    [Fact]
    public async Task A_killed_WorkerAgent_stalls_no_download_and_its_successor_doubles_nothing()
    {
        await RoutedAsync();
        await SurvivesAsync(Worker, Worker.Agent);
    }

    private async Task<System.Net.IPAddress> RoutedAsync()
    {
        await WorkerState.EmptyAsync(Worker, Deadline);
        var (proxy, address) = await ProxyAsync();
        await RouteAsync(Worker.Containers[0], proxy);
        await RouteAsync(Worker.Containers[1], proxy, "second");
        return address;
    }

    private async Task SurvivesAsync(LabHost host, LabProcess agent)
    {
        using var paced = await PushStream.PacedAsync(Worker.Containers[0]);
        using var download = await PushStream.DownloadAsync(Worker.Containers[1]);
        var before = await KernelPicture.AtRestAsync(host);

        // The machine runs other things too. What it does to the same streams without a kill is measured beside it, and a noisy moment may be
        // tried again; the bound stays.
        for (var attempt = 1; ; attempt++)
        {
            var quiet = await LongestGapsAsync(paced, download, () => Task.Delay(TimeSpan.FromSeconds(2)));
            var killed = await LongestGapsAsync(paced, download, () => KillAndRestartAsync(host, agent));
            var report = $"longest gap over the kill: paced {killed.Paced.TotalMilliseconds:0} ms, download {killed.Download.TotalMilliseconds:0} ms; "
                + $"without one: {quiet.Paced.TotalMilliseconds:0} and {quiet.Download.TotalMilliseconds:0} ms";
            TestContext.Current.TestOutputHelper?.WriteLine(report);
            if (killed.Paced <= LongestStall && killed.Download <= LongestStall)
                break;
            Assert.True(attempt < Attempts, report);
        }

        Assert.Empty((await KernelPicture.TakeAsync(host)).ChangesSince(before));
    }

    private static async Task KillAndRestartAsync(LabHost host, LabProcess agent)
    {
        agent.Kill9();
        await Task.Delay(TimeSpan.FromMilliseconds(500));
        agent.Start();
        await VproxLab.ReadyAsync(host, agent);
    }

    private static async Task<(TimeSpan Paced, TimeSpan Download)> LongestGapsAsync(PushStream paced, PushStream download, Func<Task> during)
    {
        paced.TakeLongestGap();
        download.TakeLongestGap();
        await during();
        return (paced.TakeLongestGap(), download.TakeLongestGap());
    }
}
