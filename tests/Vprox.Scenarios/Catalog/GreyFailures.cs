using Vprox.Lab.Topology;
using Vprox.Scenarios.Drills;

namespace Vprox.Scenarios.Catalog;

/// <summary>A node whose heartbeats are fine and whose data path is not: its addresses must move.</summary>
internal static class GreyFailures
{
    public static Scenario NftFlushed { get; } = new()
    {
        Name = "grey-nft-flushed",
        Shows = "A node's nftables table is deleted again and again, faster than its agent repairs it: its addresses move, and connections through others go on.",
        RunAsync = (drill, cancel) => BreakBusiestAsync(drill, (node, _) => node.KeepNftFlushed(), cancel, forfeits: true),
    };

    public static Scenario InterfaceGone { get; } = new()
    {
        Name = "grey-interface-gone",
        Shows = "A node's WireGuard interface is taken by something else and cannot be made again: its addresses move.",
        RunAsync = (drill, cancel) => BreakBusiestAsync(drill, (node, port) => node.OccupyLink($"vp{port}"), cancel),
    };

    public static Scenario InternetLost { get; } = new()
    {
        Name = "grey-internet-lost",
        Shows = "A node reaches bus, EC2 and IMDS but not the internet, nor the internet it: its addresses move.",
        RunAsync = async (drill, cancel) =>
        {
            var victim = (await drill.BusiestNodesAsync(cancel))[0];
            drill.FaultStrikes();
            victim.LoseInternet();
            await drill.ExpectMovedFromAsync(victim, cancel);
            await drill.FlowsGoOnAsync(Expectations.Soonest, cancel);
            victim.RestoreInternet();
        },
    };

    /// <param name="drill">The run.</param>
    /// <param name="breaks">Breaks a node, given the port of one of its interfaces, and keeps it broken until disposed of.</param>
    /// <param name="cancel">Ends it.</param>
    /// <param name="forfeits">Whether the bare kernel answers for the node's addresses, with resets: no rule of ours stands that keeps packets from it.</param>
    private static async Task BreakBusiestAsync(
        Drill drill, Func<LabNode, int, IAsyncDisposable> breaks, CancellationToken cancel, bool forfeits = false)
    {
        var victim = (await drill.BusiestNodesAsync(cancel))[0];
        var addresses = (await drill.NodesByAddressAsync(cancel)).Where(each => each.Value == victim).Select(each => each.Key).ToList();
        var address = addresses[0];
        if (forfeits)
            drill.Forfeit = addresses;
        drill.FaultStrikes();
        await using (breaks(victim, drill.PortOf(address)))
        {
            await drill.ExpectMovedFromAsync(victim, cancel);
            await drill.FlowsGoOnAsync(Expectations.Soonest, cancel);
        }
    }
}
