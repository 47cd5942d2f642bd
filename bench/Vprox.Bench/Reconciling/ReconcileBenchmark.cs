using System.Diagnostics;
using Vprox.Bench.Nodes;
using Vprox.Identity;
using Vprox.Netlink;

namespace Vprox.Bench.Reconciling;

/// <summary>A node of 240 addresses and 10,000 peers: built from nothing, looked at when nothing is to do, given one more peer.</summary>
public sealed class ReconcileBenchmark : IBenchmark
{
    private const string RunnerVariable = "VPROX_KERNEL_RUNNER";
    private static readonly TimeSpan IdleTime = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <inheritdoc/>
    public string Name => "reconcile";

    /// <inheritdoc/>
    public string Method =>
        "8 ENIs, 240 static addresses, 10,000 peers in a namespace of its own. full: one round from nothing, median of 3. idle: rounds at a period of 1 s with "
        + "nothing to do, median and processor time of 20. peer added: 1,000 connects one by one, without the time in WireGuard. memory: the real NodeAgent's "
        + "resident set after it has built the same node from its journal and run for 15 s more";

    /// <inheritdoc/>
    public async Task RunAsync(BenchmarkReport report, CancellationToken cancel)
    {
        if (KernelHasWireGuard())
            report.Remark("WireGuard: this kernel's");
        else if (Environment.GetEnvironmentVariable(RunnerVariable) is { Length: > 0 } runner)
        {
            await RunElsewhereAsync(runner, report, cancel);
            return;
        }
        else
            report.Remark("WireGuard: this kernel has none, so each address has a wireguard-go process, whose start and work are in the figures; nft, routes, rules, addresses are the "
                + $"kernel's. {RunnerVariable} names a program that runs a command under a kernel with WireGuard");

        using (var full = new MeasuredNode(NodeSize.Full))
        {
            await full.FullAsync(report, rounds: 3, cancel);
            await full.IdleAsync(report, cancel);
            await full.PeersAddedAsync(report, cancel);
        }
        using (var crowded = new MeasuredNode(NodeSize.Full with { Peers = 20_000 }))
        {
            await crowded.FullAsync(report, rounds: 1, cancel);
            await crowded.IdleAsync(report, cancel);
        }
        await MeasureProcessAsync(report, cancel);
    }

    private static async Task MeasureProcessAsync(BenchmarkReport report, CancellationToken cancel)
    {
        var enis = new NodeInput(NodeSize.Full with { Peers = 0 }, SealingKey.Generate()).NetworkInterfaces;
        using var host = new NodeHost(enis);
        var input = new NodeInput(NodeSize.Full, AgentProcess.SealingKey(host));
        var metadata = await InstanceMetadata.StartAsync(host.Node, enis, cancel);
        await using var _ = metadata.ConfigureAwait(false);
        using var agent = AgentProcess.Start(host, input);
        await agent.WaitForAsync($"{input.Messages[^1].Address} is served", Patience, cancel);
        await Task.Delay(Settling, cancel);
        report.Add("node_memory_240x10k", agent.ResidentMegabytes(), "MB");
        var before = agent.ProcessorTime();
        var started = Stopwatch.GetTimestamp();
        await Task.Delay(IdleTime, cancel);
        report.Add("node_idle_cpu_percent", 100 * (agent.ProcessorTime() - before) / Stopwatch.GetElapsedTime(started), "% of a core");
        report.Remark("the whole agent's: also heartbeats, IMDS, HTTPS and a bus that it looks for");
    }

    private static async Task RunElsewhereAsync(string runner, BenchmarkReport report, CancellationToken cancel)
    {
        report.Remark($"WireGuard: that of the kernel behind {RunnerVariable}");
        var json = Path.GetTempFileName();
        var start = new ProcessStartInfo(runner);
        foreach (var word in (string[])["dotnet", Path.Combine(AppContext.BaseDirectory, "Vprox.Bench.dll"), "reconcile", "--json", json])
            start.ArgumentList.Add(word);
        start.Environment.Remove(RunnerVariable);
        using var process = Process.Start(start) ?? throw new BenchmarkException($"{runner} did not start");
        await process.WaitForExitAsync(cancel);
        if (process.ExitCode != 0)
            throw new BenchmarkException($"{runner} ended with {process.ExitCode}");
        report.Take(await File.ReadAllTextAsync(json, cancel));
        File.Delete(json);
    }

    private static bool KernelHasWireGuard()
    {
        using var generic = GenericNetlink.Open();
        return generic.Family("wireguard") is not null;
    }
}
