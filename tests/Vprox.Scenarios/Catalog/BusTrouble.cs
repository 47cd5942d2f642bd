using Vprox.Scenarios.Drills;

namespace Vprox.Scenarios.Catalog;

/// <summary>The bus delivers too much.</summary>
internal static class BusTrouble
{
    public static Scenario MessagesDoubledAndReordered { get; } = new()
    {
        Name = "messages-doubled-and-reordered",
        Shows = "A node dies while every verdict, placement, release and move, also of proxies that have come and gone, is delivered again at once, and again later, newest first.",
        Bygone = 4,
        RunAsync = async (drill, cancel) =>
        {
            var victim = (await drill.BusiestNodesAsync(cancel))[0];
            await using var repeater = Repeater.Start(drill.Bus);
            drill.FaultStrikes();
            await victim.KillAsync();
            await drill.ExpectMovedFromAsync(victim, cancel);
            await drill.FlowsGoOnAsync(TimeSpan.FromSeconds(4), cancel);
            drill.Note("messages repeated", repeater.Copies);
            victim.Revive();
        },
    };
}
