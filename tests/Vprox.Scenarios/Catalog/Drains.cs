using Vprox.Lab.Topology;
using Vprox.Scenarios.Drills;

namespace Vprox.Scenarios.Catalog;

/// <summary>A node is emptied while it lives: the new node is ready before the old one loses the address.</summary>
internal static class Drains
{
    private static readonly TimeSpan DrainDeadline = TimeSpan.FromSeconds(30);

    public static Scenario ByOperator { get; } = new()
    {
        Name = "drain-operator",
        Shows = "An operator drains a node: its addresses move while it still serves, and no connection is lost.",
        RunAsync = (drill, cancel) => DrainAsync(
            drill, node => drill.SayAsync("DrainNode", "vprox.drain-node", new { nodeId = node.InstanceId, reason = "drill" }, cancel), cancel),
    };

    public static Scenario BySpotInterruption { get; } = new()
    {
        Name = "drain-spot",
        Shows = "EC2 announces the end of a spot instance: it is drained within the two minutes.",
        RunAsync = (drill, cancel) => DrainAsync(drill, node => drill.Lab.Cloud.InterruptAsync(node.InstanceId, "terminate", cancel), cancel),
    };

    public static Scenario ByRebalanceRecommendation { get; } = new()
    {
        Name = "drain-rebalance",
        Shows = "EC2 recommends to rebalance a spot instance: it is drained.",
        RunAsync = (drill, cancel) => DrainAsync(drill, node => drill.Lab.Cloud.RecommendRebalanceAsync(node.InstanceId, cancel), cancel),
    };

    public static Scenario ByMaintenance { get; } = new()
    {
        Name = "drain-maintenance",
        Shows = "EC2 schedules the retirement of an instance: it is drained.",
        RunAsync = (drill, cancel) => DrainAsync(drill, node => drill.Lab.Cloud.ScheduleEventAsync(node.InstanceId, "instance-retirement", cancel), cancel),
    };

    private static async Task DrainAsync(Drill drill, Func<LabNode, Task> cause, CancellationToken cancel)
    {
        var victim = (await drill.BusiestNodesAsync(cancel))[0];
        drill.FaultStrikes();
        await cause(victim);
        await drill.ExpectMessageAsync("vprox.node-draining", $"{victim.Name} is being drained",
            message => message.Text("nodeId") == victim.InstanceId, DrainDeadline, cancel);
        await drill.ExpectMessageAsync("vprox.node-drained", $"{victim.Name} is empty",
            message => message.Text("nodeId") == victim.InstanceId, DrainDeadline, cancel);
        await drill.FlowsGoOnAsync(Expectations.Soonest, cancel);
        drill.Expect($"no address is left on {victim.Name}", !(await drill.NodesByAddressAsync(cancel)).Values.Contains(victim));
        drill.ExpectNone("vprox.node-unhealthy", "no node is declared unhealthy");
        await drill.Lab.Cloud.ClearNoticesAsync(victim.InstanceId, cancel);
        await drill.SayAsync("UncordonNode", "vprox.uncordon-node", new { nodeId = victim.InstanceId }, cancel);
    }
}
