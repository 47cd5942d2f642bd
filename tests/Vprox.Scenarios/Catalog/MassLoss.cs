namespace Vprox.Scenarios.Catalog;

/// <summary>So many nodes at once that the fault is likelier Failover's own.</summary>
internal static class MassLoss
{
    private static readonly TimeSpan LongEnoughToBeWrong = TimeSpan.FromSeconds(3);

    public static Scenario FourOfSixDead { get; } = new()
    {
        Name = "four-of-six-dead",
        Shows = "Four of six nodes fall silent: verdicts are held until EC2 confirms two of them and an operator fails the others.",
        Lab = Labs.SixNodes,
        LeavesLabAsItWas = false,
        RunAsync = async (drill, cancel) =>
        {
            var victims = (await drill.BusiestNodesAsync(cancel)).Take(4).ToList();
            drill.FaultStrikes();
            await Task.WhenAll(victims.Select(victim => victim.KillAsync()));
            await drill.ExpectMessageAsync("vprox.nodes-held", "the verdicts are held", message => true, TimeSpan.FromSeconds(10), cancel);
            await Task.Delay(LongEnoughToBeWrong, cancel);
            drill.ExpectNone("vprox.node-unhealthy", "no node is declared unhealthy while verdicts are held");

            foreach (var victim in victims.Take(2))
                await drill.Lab.Cloud.ChangeStateAsync(victim.InstanceId, "stopped", cancel);
            foreach (var victim in victims.Skip(2))
                await drill.SayAsync("FailNode", "vprox.fail-node", new { nodeId = victim.InstanceId, reason = "it is off" }, cancel);
            await drill.ExpectMovedFromAsync(victims, cancel);
            await drill.FlowsGoOnAsync(Expectations.Soonest, cancel);
        },
    };
}
