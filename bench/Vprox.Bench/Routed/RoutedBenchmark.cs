using System.Diagnostics;
using Vprox.Lab.Cloud;
using Vprox.Lab.Topology;

namespace Vprox.Bench.Routed;

/// <summary>How long a container waits for its path.</summary>
public sealed class RoutedBenchmark : IBenchmark
{
    private const int WarmUps = 5;
    private const int Tunnels = 36;
    private const int ContainersThere = 120;

    /// <inheritdoc/>
    public string Name => "routed";

    /// <inheritdoc/>
    public string Method =>
        $"the lab with 2 nodes and 1 worker, all services and the broker on this machine; a scheduler publishes ContainerStarted and waits for ContainerRouted. "
        + $"First of its worker: {Tunnels - WarmUps} proxies that the worker has no tunnel to, one after the other, after {WarmUps} to warm up. "
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
            Report(report, "routed_first_of_worker", (await FirstOfWorkerAsync(lab, cancel)).Skip(WarmUps).ToList());
            Report(report, "routed_tunnel_there", await TunnelThereAsync(lab, cancel));
        }
        catch (LabException failure)
        {
            throw new BenchmarkException(failure.Message);
        }
    }

    private static async Task<List<double>> FirstOfWorkerAsync(VproxLab lab, CancellationToken cancel)
    {
        var took = new List<double>();
        await Task.WhenAll(Enumerable.Range(0, Tunnels).Select(number => ReadyAsync(lab, Proxy(number), cancel)));
        for (var number = 0; number < Tunnels; number++)
            took.Add(await RouteAsync(lab, $"first-{number}", lab.Workers[0].Containers[number], Proxy(number), cancel));
        return took;
    }

    private static async Task<List<double>> TunnelThereAsync(VproxLab lab, CancellationToken cancel)
    {
        var took = new List<double>();
        var container = lab.Workers[0].Containers[Tunnels];
        for (var number = 0; number < ContainersThere; number++)
        {
            took.Add(await RouteAsync(lab, $"there-{number}", container, Proxy(0), cancel));
            await lab.Scheduler.StopContainerAsync($"there-{number}", lab.Workers[0].WorkerId, cancel);
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
