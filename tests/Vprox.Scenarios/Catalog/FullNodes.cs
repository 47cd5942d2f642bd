using Vprox.Lab.Topology;
using Vprox.Scenarios.Drills;

namespace Vprox.Scenarios.Catalog;

/// <summary>
/// A node with many addresses: what counts is how few calls move them. As many as a lab in userspace holds: each address is a wireguard-go, and each of
/// these looks at every change of a route or link in its namespace, so that 232 of them, as many as the largest instances hold, keep two cores busy with
/// one another. Allocator and Failover move 232 in PlacingSpeedTests and BulkMoveTests.
/// </summary>
internal static class FullNodes
{
    private const int Addresses = 60;

    private const int MostCalls = 8;
    private static readonly TimeSpan MostTime = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan ServeDeadline = TimeSpan.FromMinutes(2);

    public static Scenario Dead { get; } = Of(
        "full-node-dead", "A node with 60 static addresses loses power: at most 8 calls of EC2's API move them all, within 3 s.",
        (_, node, _) => node.KillAsync(),
        (drill, node, cancel) => drill.ExpectMovedFromAsync(node, cancel));

    public static Scenario Drained { get; } = Of(
        "full-node-drained", "A node with 60 static addresses is drained by an operator: no connection is lost, and EC2 is called no more than 8 times.",
        (drill, node, cancel) => drill.SayAsync("DrainNode", "vprox.drain-node", new { nodeId = node.InstanceId, reason = "drill" }, cancel),
        (drill, node, cancel) => drill.ExpectMessageAsync(
            "vprox.node-drained", $"{node.Name} is empty", message => message.Text("nodeId") == node.InstanceId, ServeDeadline, cancel));

    private static Scenario Of(
        string name, string shows, Func<Drill, LabNode, CancellationToken, Task> empty, Func<Drill, LabNode, CancellationToken, Task> isEmpty) => new()
    {
        Name = name,
        Shows = shows,
        Lab = Labs.FullNodes,
        // It holds far more addresses than the next run would want.
        LeavesLabAsItWas = false,
        RunAsync = async (drill, cancel) =>
        {
            var full = await Crowd.GatherAsync(drill, Addresses, cancel);
            drill.FaultStrikes();
            await empty(drill, full, cancel);
            await isEmpty(drill, full, cancel);
            await drill.ExpectWithinAsync($"no address is left on {full.Name}", ServeDeadline, async () =>
                await Crowd.CountOnAsync(drill, full, cancel) == 0, cancel);
            await drill.FlowsGoOnAsync(Expectations.Soonest, cancel);
            await drill.ExpectWithinAsync("the new nodes serve all addresses", ServeDeadline, () => Task.FromResult(Serving(drill).Count == Addresses), cancel);

            var ec2 = await Ec2Record.ReadAsync(drill, cancel);
            drill.Note("EC2 calls", ec2.Calls.Count);
            drill.Note("addresses moved", ec2.Addresses);
            drill.Note("first call → all moved (ms)", ec2.FirstCallToAllMovedMs);
            drill.Note("fault → all served (ms)", Serving(drill).Values.DefaultIfEmpty().Max());
            drill.Expect($"at most {MostCalls} calls move the addresses; there were {ec2.Calls.Count}", ec2.Calls.Count <= MostCalls);
            drill.Expect($"{Addresses} addresses move; {ec2.Addresses} did", ec2.Addresses == Addresses);
            drill.Expect($"they move within {MostTime.TotalSeconds:0} s of the first call; it took {ec2.FirstCallToAllMovedMs:0} ms",
                ec2.FirstCallToAllMovedMs < MostTime.TotalMilliseconds);
        },
    };

    /// <summary>When each address was served by its new node, in milliseconds from the fault.</summary>
    private static Dictionary<string, double> Serving(Drill drill) => drill.Bus.Since(drill.Fault, "vprox.static-ip-serving")
        .GroupBy(serving => serving.Text("address")!).ToDictionary(each => each.Key, each => each.Max(serving => drill.Fault.Ms(serving.Arrived)));
}
