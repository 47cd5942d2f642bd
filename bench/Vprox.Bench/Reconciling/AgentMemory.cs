using System.Diagnostics;
using Vprox.Bench.Nodes;
using Vprox.Identity;

namespace Vprox.Bench.Reconciling;

/// <summary>What the real NodeAgent takes of memory and processor when it has built a node of some size and nothing more is to do.</summary>
internal static class AgentMemory
{
    private static readonly TimeSpan IdleTime = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    public static async Task MeasureAsync(BenchmarkReport report, NodeSize size, string suffix, CancellationToken cancel)
    {
        var enis = new NodeInput(size with { Peers = 0 }, SealingKey.Generate()).NetworkInterfaces;
        using var host = new NodeHost(enis);
        var input = new NodeInput(size, AgentProcess.SealingKey(host));
        var metadata = await InstanceMetadata.StartAsync(host.Node, enis, cancel);
        await using var _ = metadata.ConfigureAwait(false);
        using var agent = AgentProcess.Start(host, input);
        await agent.WaitForAsync($"{input.Messages[^1].Address} is served", Patience, cancel);
        await Task.Delay(Settling, cancel);
        report.Add($"node_memory_{size}{suffix}", agent.ResidentMegabytes(), "MB");
        report.Remark($"of it {agent.ResidentMegabytes("RssAnon"):0} MB its own, the rest mapped files");
        var before = agent.ProcessorTime();
        var started = Stopwatch.GetTimestamp();
        await Task.Delay(IdleTime, cancel);
        report.Add($"node_idle_{size}{suffix}_cpu", 100 * (agent.ProcessorTime() - before) / Stopwatch.GetElapsedTime(started), "% of a core");
        report.Remark("the whole agent's: also heartbeats, IMDS, HTTPS and a bus that it looks for");
    }
}
