using Vprox.Lab.Cloud.Faults;
using Vprox.Lab.Topology.Processes;
using Vprox.Scenarios.Drills;

namespace Vprox.Scenarios.Catalog;

/// <summary>Allocator or Failover dies by kill -9 in the middle of a failover and is started again: the plan completes.</summary>
internal static class ServiceDeaths
{
    private const string Assign = "AssignPrivateIpAddresses";
    private static readonly TimeSpan StepDeadline = TimeSpan.FromSeconds(20);

    public static IReadOnlyList<Scenario> All { get; } =
    [
        Of("allocator-killed-before", "before the node dies, and back 2 s later", async (drill, die, cancel) =>
        {
            drill.Lab.Allocator.Kill9();
            await die();
            await Task.Delay(TimeSpan.FromSeconds(2), cancel);
            drill.Lab.Allocator.Start();
        }),
        Of("allocator-killed-at-verdict", "when the node is declared unhealthy", (drill, die, cancel) =>
            KillWhenHeardAsync(drill, die, "vprox.node-unhealthy", drill.Lab.Allocator, cancel)),
        Of("allocator-killed-while-placing", "when it has published the first placement", (drill, die, cancel) =>
            KillWhenHeardAsync(drill, die, "vprox.static-ip-placed", drill.Lab.Allocator, cancel)),
        Of("failover-killed-at-suspicion", "when it suspects the node", (drill, die, cancel) =>
            KillWhenHeardAsync(drill, die, "vprox.node-suspected", drill.Lab.Failover, cancel)),
        Of("failover-killed-at-verdict", "when it has declared the node unhealthy", (drill, die, cancel) =>
            KillWhenHeardAsync(drill, die, "vprox.node-unhealthy", drill.Lab.Failover, cancel)),
        Of("failover-killed-before-call", "when its first call has arrived at EC2 and is not done", (drill, die, cancel) =>
            KillAtCallAsync(drill, die, Assign, HoldPoint.Arrival, cancel)),
        Of("failover-killed-before-answer", "when EC2 has done its first call and not answered", (drill, die, cancel) =>
            KillAtCallAsync(drill, die, Assign, HoldPoint.Answer, cancel)),
        Of("failover-killed-before-reassigned", "when EC2 has answered and IpReassigned is not published", KillAfterCallAsync),
    ];

    private delegate Task Death(Drill drill, Func<Task> nodeDies, CancellationToken cancel);

    private static Scenario Of(string name, string when, Death death) => new()
    {
        Name = name,
        Shows = $"{(name.StartsWith("allocator", StringComparison.Ordinal) ? "Allocator" : "Failover")} is killed {when}: the move completes.",
        RunAsync = async (drill, cancel) =>
        {
            var victim = (await drill.BusiestNodesAsync(cancel))[0];
            await death(drill, () =>
            {
                drill.FaultStrikes();
                return victim.KillAsync();
            }, cancel);
            await drill.ExpectMovedFromAsync(victim, cancel);
            await drill.FlowsGoOnAsync(Expectations.Soonest, cancel);
            victim.Revive();
        },
    };

    private static async Task KillWhenHeardAsync(Drill drill, Func<Task> nodeDies, string exchange, LabProcess service, CancellationToken cancel)
    {
        await nodeDies();
        await drill.ExpectMessageAsync(exchange, $"the step at which {service.Name} is killed", _ => true, StepDeadline, cancel);
        service.Kill9();
        service.Start();
    }

    private static async Task KillAtCallAsync(Drill drill, Func<Task> nodeDies, string action, HoldPoint point, CancellationToken cancel)
    {
        await using var call = await drill.Lab.Cloud.HoldAsync(action, point: point, cancel: cancel);
        await nodeDies();
        await call.ReachedAsync(cancel).WaitAsync(StepDeadline, cancel);
        drill.Lab.Failover.Kill9();
        drill.Lab.Failover.Start();
    }

    private static async Task KillAfterCallAsync(Drill drill, Func<Task> nodeDies, CancellationToken cancel)
    {
        await using var call = await drill.Lab.Cloud.HoldAsync(Assign, point: HoldPoint.Answer, cancel: cancel);
        await nodeDies();
        await call.ReachedAsync(cancel).WaitAsync(StepDeadline, cancel);
        // What follows the call is its confirmation.
        await using var confirmation = await drill.Lab.Cloud.HoldAsync("*", point: HoldPoint.Arrival, cancel: cancel);
        await call.ReleaseAsync(cancel);
        await confirmation.ReachedAsync(cancel).WaitAsync(StepDeadline, cancel);
        drill.Lab.Failover.Kill9();
        drill.Lab.Failover.Start();
    }
}
