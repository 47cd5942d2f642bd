using Vprox.Lab.Cloud;
using Vprox.Lab.Cloud.Faults;
using Vprox.Lab.Topology;
using Vprox.Scenarios.Drills;

namespace Vprox.Scenarios.Catalog;

/// <summary>A node dies while EC2 or SQS is in trouble too.</summary>
internal static class CloudTrouble
{
    private static readonly TimeSpan Outage = TimeSpan.FromSeconds(4);

    public static Scenario Ec2Unavailable { get; } = Of(
        "ec2-503", "EC2's API answers 503 for the first 4 s: the moves are made when it answers again.",
        lab => lab.Cloud.SetAsync(settings => settings with { ApiDown = true }),
        lab => lab.Cloud.SetAsync(settings => settings with { ApiDown = false }), Outage);

    public static Scenario Ec2Throttled { get; } = Of(
        "ec2-throttled", "EC2 throttles the first calls that move addresses: they are made again, no faster than it wants.",
        async lab =>
        {
            await lab.Cloud.FailAsync(InjectedFault.Throttled("AssignPrivateIpAddresses", count: 4));
            await lab.Cloud.FailAsync(InjectedFault.Throttled("AssociateAddress", count: 4));
        },
        lab => lab.Cloud.ClearFaultsAsync());

    public static Scenario Ec2Slow { get; } = Of(
        "ec2-slow", "Every answer of EC2's API takes 5 s: the moves are done all the same.",
        lab => lab.Cloud.SlowAsync("*", new Slowness(BeforeMs: 5000)),
        lab => lab.Cloud.SlowAsync("*", new Slowness()));

    public static Scenario Ec2Stale { get; } = Of(
        "ec2-stale", "EC2's Describe calls keep showing what was before the fault: the moves are done all the same, and not undone.",
        lab => lab.Cloud.FreezeDescribeAsync(),
        lab => lab.Cloud.ThawDescribeAsync());

    public static Scenario SqsDown { get; } = Of(
        "sqs-down", "SQS is away: heartbeats and probes suffice.",
        Now(lab => lab.Sqs.Vanish()),
        Now(lab => lab.Sqs.Restore()));

    /// <param name="name">Its name.</param>
    /// <param name="shows">What it shows beside the death of the node.</param>
    /// <param name="begin">The trouble; it is there before the node dies.</param>
    /// <param name="end">The trouble ends.</param>
    /// <param name="endsAfter">When it ends after the node died; null when only at the end of the run.</param>
    private static Scenario Of(string name, string shows, Func<VproxLab, Task> begin, Func<VproxLab, Task> end, TimeSpan? endsAfter = null) => new()
    {
        Name = name,
        Shows = $"A node dies. {shows}",
        RunAsync = async (drill, cancel) =>
        {
            var victim = (await drill.BusiestNodesAsync(cancel))[0];
            await begin(drill.Lab);
            drill.FaultStrikes();
            await victim.KillAsync();
            if (endsAfter is { } time)
            {
                await Task.Delay(time, cancel);
                await end(drill.Lab);
            }
            await drill.ExpectMovedFromAsync(victim, cancel);
            await drill.FlowsGoOnAsync(Expectations.Soonest, cancel);
            await end(drill.Lab);
            victim.Revive();
        },
    };

    private static Func<VproxLab, Task> Now(Action<VproxLab> change) => lab =>
    {
        change(lab);
        return Task.CompletedTask;
    };
}
