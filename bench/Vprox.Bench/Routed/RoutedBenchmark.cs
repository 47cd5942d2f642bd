using System.Diagnostics;
using Vprox.Lab.Cloud;
using Vprox.Lab.Topology;

namespace Vprox.Bench.Routed;

/// <summary>How long a container waits for its path.</summary>
public sealed class RoutedBenchmark : IBenchmark
{
    // The compiler works on what has been called thirty times, and on two cores that is what a container would wait for. An agent that runs for weeks has that behind it.
    private const int WarmUpContainers = 100;
    private const int WarmUps = 5;
    private const int Tunnels = 36;
    private const int ContainersThere = 120;

    // What the last one left to do is not this one's.
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    public string Name => "routed";

    /// <inheritdoc/>
    public string Method =>
        $"the lab with 2 nodes and 1 worker, all services and the broker on this machine; a scheduler publishes ContainerStarted and waits for ContainerRouted. "
        + $"First of its worker: {Tunnels - WarmUps} proxies that the worker has no tunnel to, one after the other, after {WarmUps} and {WarmUpContainers} containers to warm up, {Pause.TotalSeconds} s between them. "
        + $"Tunnel there: {ContainersThere} further containers of one proxy, one after the other. Nearest rank; the median beside it.";

    /// <inheritdoc/>
    public async Task RunAsync(BenchmarkReport report, CancellationToken cancel)
    {
        try
        {
            await using var lab = await VproxLab.StartAsync(new LabOptions
            {
                Nodes = 2,
                NetworkInterfacesPerNode = 2,
                Workers = 1,
                ContainersPerWorker = Tunnels + 1,
                ElasticIps = Tunnels,
                CloudSettings = new CloudSettings { Throttling = false },
            }, cancel);
            await Task.WhenAll(Enumerable.Range(0, Tunnels).Select(number => ReadyAsync(lab, Proxy(number), cancel)));
            await FirstOfWorkerAsync(lab, 0, WarmUps, cancel);
            await TunnelThereAsync(lab, "warm-up", WarmUpContainers, cancel);
            Report(report, "routed_first_of_worker", await FirstOfWorkerAsync(lab, WarmUps, Tunnels, cancel));
            Report(report, "routed_tunnel_there", await TunnelThereAsync(lab, "there", ContainersThere, cancel));
        }
        catch (LabException failure)
        {
            throw new BenchmarkException(failure.Message);
        }
    }

    private static async Task<List<double>> FirstOfWorkerAsync(VproxLab lab, int from, int to, CancellationToken cancel)
    {
        var took = new List<double>();
        for (var number = from; number < to; number++)
        {
            took.Add(await RouteAsync(lab, $"first-{number}", lab.Workers[0].Containers[number], Proxy(number), cancel));
            await Task.Delay(Pause, cancel);
        }
        return took;
    }

    private static async Task<List<double>> TunnelThereAsync(VproxLab lab, string name, int containers, CancellationToken cancel)
    {
        var took = new List<double>();
        var container = lab.Workers[0].Containers[Tunnels];
        for (var number = 0; number < containers; number++)
        {
            took.Add(await RouteAsync(lab, $"{name}-{number}", container, Proxy(0), cancel));
            await lab.Scheduler.StopContainerAsync($"{name}-{number}", lab.Workers[0].WorkerId, cancel);
            await RuleGoneAsync(container, cancel);
        }
        return took;
    }

    private static async Task ReadyAsync(VproxLab lab, string proxy, CancellationToken cancel)
    {
        var answer = await lab.Scheduler.RequestProxyAsync(proxy, deadline: TimeSpan.FromMinutes(2), cancel: cancel);
        if (answer.Exchange != "vprox.proxy-ready")
            throw new BenchmarkException($"{proxy} was rejected: {answer.Text("reason")}");
    }

    private static async Task<double> RouteAsync(VproxLab lab, string id, LabContainer container, string proxy, CancellationToken cancel)
    {
        var began = Stopwatch.GetTimestamp();
        var answer = await lab.Scheduler.StartContainerAsync(id, container, proxy, cancel: cancel);
        var took = Stopwatch.GetElapsedTime(began);
        return answer.Exchange == "vprox.container-routed"
            ? took.TotalMilliseconds
            : throw new BenchmarkException($"{id} was refused: {answer.Text("reason")}");
    }

    // The next start must not meet what the last stop has left to do.
    private static async Task RuleGoneAsync(LabContainer container, CancellationToken cancel)
    {
        while (container.Worker.Namespace.Execute("ip", "rule", "show").Contains($"from {container.Address} ", StringComparison.Ordinal))
            await Task.Delay(20, cancel);
    }

    private static string Proxy(int number) => $"proxy-{number}";

    private static void Report(BenchmarkReport report, string figure, List<double> took)
    {
        report.Add($"{figure}_p99", Percentile.Of(took, 0.99), "ms");
        report.Add($"{figure}_median", Percentile.Of(took, 0.5), "ms");
    }
}
