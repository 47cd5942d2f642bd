namespace Vprox.Bench.Throughput;

/// <summary>What Vprox's rules cost of WireGuard's throughput.</summary>
public sealed class ThroughputBenchmark : IBenchmark
{
    private const int Rounds = 7;
    private static readonly TimeSpan Span = TimeSpan.FromSeconds(3);

    /// <inheritdoc/>
    public string Name => "throughput";

    /// <inheritdoc/>
    public string Method =>
        "a container, a worker, a node and a server in network namespaces. Two tunnels between the same worker and node: one as WorkerAgent and NodeAgent program "
        + "it (two translations, firewalls, policy rules), one of bare WireGuard with plain routes and no translation. One TCP connection by iperf3, "
        + $"{Span.TotalSeconds:0} s each, {Rounds} rounds in each direction in which both take turns; medians. vs_bare_wireguard is the direction with the worse ratio. "
        + $"Where this kernel has no WireGuard, wireguard-go; with {KernelRunner.Variable} also under a kernel that has it";

    /// <inheritdoc/>
    public async Task RunAsync(BenchmarkReport report, CancellationToken cancel)
    {
        if (KernelRunner.KernelHasWireGuard() || KernelRunner.Named() is not { } runner)
        {
            await MeasureAsync(report, "", cancel);
            return;
        }
        report.Remark($"WireGuard: that of the kernel behind {KernelRunner.Variable}");
        await runner.RunAsync(Name, report, cancel);
        report.Remark("on this kernel:");
        await MeasureAsync(report, "_userspace", cancel);
    }

    private static async Task MeasureAsync(BenchmarkReport report, string suffix, CancellationToken cancel)
    {
        await using var course = await Course.BuildAsync(cancel);
        report.Remark($"{course.Backend} WireGuard");
        foreach (var container in course.Containers)
            await Course.MeasureAsync(container, download: true, Span, cancel);
        var ours = new Dictionary<bool, List<double>> { [true] = [], [false] = [] };
        var bare = new Dictionary<bool, List<double>> { [true] = [], [false] = [] };
        for (var round = 0; round < Rounds; round++)
        {
            foreach (var download in (bool[])[true, false])
            {
                // Whoever begins has the cooler machine.
                foreach (var vprox in round % 2 == 0 ? (bool[])[true, false] : [false, true])
                {
                    var rate = await Course.MeasureAsync(vprox ? course.ThroughVprox : course.ThroughBareWireGuard, download, Span, cancel);
                    (vprox ? ours : bare)[download].Add(rate);
                }
            }
        }
        report.Add($"throughput_download{suffix}", Percentile.Of(ours[true], 0.5), "Mbit/s", Percentile.Of(bare[true], 0.5));
        report.Add($"throughput_upload{suffix}", Percentile.Of(ours[false], 0.5), "Mbit/s", Percentile.Of(bare[false], 0.5));
        // A mean of both would hide the worse.
        var worse = ours.Keys.MinBy(download => Percentile.Of(ours[download], 0.5) / Percentile.Of(bare[download], 0.5));
        report.Add($"throughput_vs_bare_wireguard{suffix}", Percentile.Of(ours[worse], 0.5), "Mbit/s", Percentile.Of(bare[worse], 0.5), method: worse ? "download" : "upload");
    }
}
