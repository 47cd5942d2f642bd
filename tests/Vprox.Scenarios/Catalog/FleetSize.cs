using Vprox.Lab.Topology;
using Vprox.Scenarios.Drills;

namespace Vprox.Scenarios.Catalog;

/// <summary>A node is gone for good: the fleet gets its size back.</summary>
internal static class FleetSize
{
    private static readonly TimeSpan ReplaceDeadline = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan ProxyDeadline = TimeSpan.FromSeconds(60);

    // Longer than the Allocator's timer: what it would move for the new node it would have moved by then.
    private static readonly TimeSpan LongEnoughToMove = TimeSpan.FromSeconds(8);

    public static Scenario NodeReplaced { get; } = new()
    {
        Name = "node-replaced",
        Shows = "EC2 terminates one of two nodes: another is started from the launch template, nothing moves onto it, and the next addresses are its.",
        Lab = Labs.Replacing,
        LeavesLabAsItWas = false,
        RunAsync = async (drill, cancel) =>
        {
            var lab = drill.Lab;
            var victim = (await drill.BusiestNodesAsync(cancel))[0];
            drill.FaultStrikes();
            await lab.Cloud.ChangeStateAsync(victim.InstanceId, "shutting-down", cancel);
            await drill.ExpectMovedFromAsync(victim, cancel);
            await drill.FlowsGoOnAsync(Expectations.Soonest, cancel);

            var replaced = await drill.ExpectMessageAsync(
                "vprox.node-replaced", $"{victim.Name} is replaced", message => message.Text("nodeId") == victim.InstanceId, ReplaceDeadline, cancel);
            if (replaced?.Text("instanceId") is not { } id)
                return;
            var joined = await drill.ExpectMessageAsync(
                "vprox.node-joined", "the new node joins", message => message.Text("nodeId") == id, ReplaceDeadline, cancel);
            if (joined is null)
                return;
            drill.Note("fault → new node joined (ms)", drill.Fault.Ms(joined.Arrived));
            await drill.ExpectWithinAsync("any one node may die again", ReplaceDeadline, async () => (await FleetView.ReadAsync(lab, cancel)).AnyNodeMayDie, cancel);
            await Task.Delay(LongEnoughToMove, cancel);
            drill.Expect("nothing moves onto the new node", !drill.Bus.Since(drill.Fault, "vprox.static-ip-placed").Any(placed => placed.Text("nodeId") == id));

            await PlaceMoreAsync(drill, id, cancel);
            drill.Expect("one instance is started and no more", lab.Nodes.Count == 3);
            await drill.FlowsGoOnAsync(Expectations.Soonest, cancel);
        },
    };

    /// <summary>The new node has the least load: what is asked for now must come to it, and work.</summary>
    private static async Task PlaceMoreAsync(Drill drill, string newNode, CancellationToken cancel)
    {
        var lab = drill.Lab;
        var proxy = $"more-{lab.Name}";
        var ready = await lab.Scheduler.RequestProxyAsync(proxy, "ws-more", 1, ProxyDeadline, cancel);
        if (!drill.Expect($"a new proxy is ready; {ready.Json}", ready.Exchange == "vprox.proxy-ready"))
            return;
        var address = ready.Addresses[0];
        drill.Expect("the new proxy's address is on the new node",
            (await lab.Cloud.EffectiveElasticIpsAsync(cancel)).Any(ip => ip.Address == address && ip.InstanceId == newNode));
        var spare = new SpareContainer(lab, lab.Workers[0]);
        var error = await spare.StartAsync(proxy, address, ProxyDeadline, cancel);
        drill.Expect($"a container leaves through the new node; {error}", error is null);
    }
}
