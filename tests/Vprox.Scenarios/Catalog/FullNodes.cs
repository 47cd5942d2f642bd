using System.Diagnostics;
using Vprox.Lab.Topology;
using Vprox.Scenarios.Drills;

namespace Vprox.Scenarios.Catalog;

/// <summary>
/// A node with many addresses: what counts is how few calls move them. In userspace each address is a wireguard-go, and each of these looks at every
/// change of a route or link in its namespace: the lab's two cores need most of a minute to start 232 on the survivors, which is the first byte's time
/// here and not EC2's.
/// </summary>
internal static class FullNodes
{
    // As many as the largest instances hold: 8 ENIs of 29.
    private const int Full = 232;

    // A drain keeps as many interfaces on both sides.
    private const int Drain = 60;

    private const int MostCalls = 8;
    private static readonly TimeSpan MostTime = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan ServeDeadline = TimeSpan.FromMinutes(3);

    public static Scenario Dead { get; } = Of(
        "full-node-dead", Full, "A node with 232 static addresses loses power: at most 8 calls of EC2's API move them all, within 3 s.",
        (_, node, _) => node.KillAsync(),
        (drill, node, cancel) => drill.ExpectMovedFromAsync(node, cancel));

    public static Scenario Drained { get; } = Of(
        "full-node-drained", Drain, "A node with 60 static addresses is drained by an operator: no connection is lost, and EC2 is called no more than 8 times.",
        (drill, node, cancel) => drill.SayAsync("DrainNode", "vprox.drain-node", new { nodeId = node.InstanceId, reason = "drill" }, cancel),
        (drill, node, cancel) => drill.ExpectMessageAsync(
            "vprox.node-drained", $"{node.Name} is empty", message => message.Text("nodeId") == node.InstanceId, ServeDeadline, cancel));

    private static Scenario Of(
        string name, int addresses, string shows, Func<Drill, LabNode, CancellationToken, Task> empty, Func<Drill, LabNode, CancellationToken, Task> isEmpty) => new()
    {
        Name = name,
        Shows = shows,
        Lab = Labs.FullNodes,
        // It holds far more addresses than the next run would want.
        LeavesLabAsItWas = false,
        RunAsync = async (drill, cancel) =>
        {
            var full = await Crowd.GatherAsync(drill, addresses, cancel);
            drill.FaultStrikes();
            await empty(drill, full, cancel);
            await isEmpty(drill, full, cancel);
            await drill.ExpectWithinAsync($"no address is left on {full.Name}", ServeDeadline, async () =>
                await Crowd.CountOnAsync(drill, full, cancel) == 0, cancel);
            await drill.ExpectWithinAsync("the new nodes serve all addresses", ServeDeadline, () => Task.FromResult(Serving(drill).Count == addresses), cancel);
            // From now on: TCP that was silent for so long tries again after as long a time.
            await drill.FlowsGoOnAsync(Stopwatch.GetElapsedTime(drill.Fault.Timestamp), cancel);

            var ec2 = await Ec2Record.ReadAsync(drill, cancel);
            drill.Note("EC2 calls", ec2.Calls.Count);
            drill.Note("addresses moved", ec2.Addresses);
            drill.Note("first call → all moved (ms)", ec2.FirstCallToAllMovedMs);
            drill.Note("fault → all served (ms)", Serving(drill).Values.DefaultIfEmpty().Max());
            drill.Expect($"at most {MostCalls} calls move the addresses; there were {ec2.Calls.Count}", ec2.Calls.Count <= MostCalls);
            drill.Expect($"{addresses} addresses move; {ec2.Addresses} did", ec2.Addresses == addresses);
            drill.Expect($"they move within {MostTime.TotalSeconds:0} s of the first call; it took {ec2.FirstCallToAllMovedMs:0} ms",
                ec2.FirstCallToAllMovedMs < MostTime.TotalMilliseconds);
        },
    };

    /// <summary>When each address was served by its new node, in milliseconds from the fault.</summary>
    private static Dictionary<string, double> Serving(Drill drill) => drill.Bus.Since(drill.Fault, "vprox.static-ip-serving")
        .GroupBy(serving => serving.Text("address")!).ToDictionary(each => each.Key, each => each.Max(serving => drill.Fault.Ms(serving.Arrived)));
}
