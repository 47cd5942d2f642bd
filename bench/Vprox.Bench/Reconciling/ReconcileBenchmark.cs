using Vprox.Bench.Nodes;

namespace Vprox.Bench.Reconciling;

/// <summary>A node of 240 addresses and 10,000 peers: built from nothing, looked at when nothing is to do, given one more peer.</summary>
public sealed class ReconcileBenchmark : IBenchmark
{
    private const string FullFigure = "reconcile_full";
    private const string IdleFigure = "reconcile_idle";

    /// <inheritdoc/>
    public string Name => "reconcile";

    /// <inheritdoc/>
    public string Method =>
        "8 ENIs, 240 static addresses with a ceiling of 200 Mbit/s each, 10,000 peers in a network namespace. In brackets: the WireGuard beneath. full: one round from nothing, median of 3. idle: rounds at a period of 1 s with "
        + "nothing to do, median and processor time of 20, after 40 for the compiler. peer_added: 1,000 connects one by one, without the time in WireGuard. memory: the real NodeAgent's "
        + "resident set, 60 s after it has built such a node from its journal, and its processor time in the 20 s after";

    /// <inheritdoc/>
    public async Task RunAsync(BenchmarkReport report, CancellationToken cancel)
    {
        if (KernelRunner.KernelHasWireGuard())
        {
            report.Remark("WireGuard: this kernel's");
            await NodeAsync(report, NodeSize.Full, WireGuardKind.Kernel, "", cancel);
            await AgentMemory.MeasureAsync(report, NodeSize.Full, "", cancel);
            return;
        }
        if (KernelRunner.Named() is { } runner)
        {
            report.Remark($"WireGuard: that of the kernel behind {KernelRunner.Variable}");
            await runner.RunAsync(Name, report, cancel);
        }
        else
        {
            report.Remark("WireGuard: this kernel has none. 240x10k is measured without any: peers and keys are remembered in this process and nothing of the time that WireGuard "
                + $"itself takes is in it; nft, links, addresses, routes, rules and settings are the kernel's. {KernelRunner.Variable} names a program that runs a command under a kernel with it");
            await NodeAsync(report, NodeSize.Full, WireGuardKind.Remembered, "", cancel);
        }
        report.Remark("on this kernel, each address a wireguard-go process whose start and work are in the figures:");
        await NodeAsync(report, NodeSize.Userspace, WireGuardKind.Userspace, "_userspace", cancel);
        await AgentMemory.MeasureAsync(report, NodeSize.Userspace, "_userspace", cancel);
    }

    private static async Task NodeAsync(BenchmarkReport report, NodeSize size, WireGuardKind kind, string suffix, CancellationToken cancel)
    {
        using var node = new MeasuredNode(size, kind);
        await node.FullAsync(report, $"{FullFigure}_{size}{suffix}", rounds: 3, cancel);
        await node.IdleAsync(report, $"{IdleFigure}_{size}{suffix}", cancel);
        await node.PeersAddedAsync(report, $"peer_added_{size}{suffix}", cancel);
    }
}
