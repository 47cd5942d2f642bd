using Vprox.Lab.Topology;

namespace Vprox.Scenarios.Catalog;

/// <summary>A node is lost: its addresses must move, and every connection with them.</summary>
internal static class NodeLoss
{
    /// <summary>No address can have moved before this, so flows that go on say nothing yet.</summary>
    private static readonly TimeSpan Soonest = TimeSpan.FromSeconds(2);

    public static Scenario HostDead { get; } = new()
    {
        Name = "host-dead",
        Shows = "A node loses power: its addresses move, and all connections go on.",
        RunAsync = async (drill, cancel) =>
        {
            var victim = (await drill.BusiestNodesAsync(cancel))[0];
            drill.FaultStrikes();
            await victim.KillAsync();
            await drill.ExpectMovedFromAsync(victim, cancel);
            await drill.FlowsGoOnAsync(Soonest, cancel);
            victim.Revive();
        },
    };
}
