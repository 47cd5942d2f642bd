using Vprox.Scenarios.Drills;

namespace Vprox.Scenarios.Catalog;

/// <summary>Nothing is broken for good, for a long time.</summary>
internal static class Endurance
{
    private static readonly TimeSpan ProgressInterval = TimeSpan.FromMinutes(1);

    public static Scenario Soak { get; } = new()
    {
        Name = "soak",
        Shows = "Load for --minutes while the broker restarts, nodes lose the bus and services die at random moments: no node is declared dead, nothing moves.",
        Repeats = false,
        RunsUnasked = false,
        RunAsync = async (drill, cancel) =>
        {
            drill.Say($"seed {drill.Settings.Seed}, {drill.Settings.Duration.TotalMinutes:0.#} min");
            var before = await drill.NodesByAddressAsync(cancel);
            var verdicts = new VerdictLog(drill.Lab);
            drill.FaultStrikes();

            using var trouble = new RandomTrouble(drill);
            var all = trouble.RunAsync(cancel);
            while (await Task.WhenAny(all, Task.Delay(ProgressInterval, cancel)) != all)
                await TellAsync(drill, trouble, verdicts, cancel);
            await all;
            await drill.Lab.AllReadyAsync(cancel);
            await drill.FlowsGoOnAsync(drill.Settings.Duration, cancel);

            drill.Note("broker restarts", trouble.BrokerRestarts);
            drill.Note("bus cuts", trouble.BusCuts);
            drill.Note("service restarts", trouble.ServiceRestarts);
            drill.Note("containers started", trouble.Containers);
            drill.Note("false failovers", verdicts.Since);
            drill.Expect($"no node is declared unhealthy; Failover's log has {verdicts.Since} verdicts", verdicts.Since == 0);
            drill.ExpectNone("vprox.node-unhealthy", "no node is declared unhealthy");
            await drill.ExpectUnmovedAsync(before, cancel);
            drill.Expect("EC2 moved no address", !(await drill.Lab.Cloud.MovesAsync(cancel)).Any(move => drill.Fault.Ms(move.Called) > 0));
        },
    };

    private static async Task TellAsync(Drill drill, RandomTrouble trouble, VerdictLog verdicts, CancellationToken cancel)
    {
        var flows = (await drill.ReportAsync(arrivals: false, cancel)).Flows;
        drill.Say(
            $"{(TimeProvider.System.GetUtcNow() - drill.Fault.At).TotalMinutes:0} min: {trouble.BrokerRestarts} broker restarts, {trouble.BusCuts} bus cuts, "
            + $"{trouble.ServiceRestarts} service restarts, {trouble.Containers} containers; {verdicts.Since} false failovers, "
            + $"{flows.Count(flow => flow.Broken is null)} of {flows.Count} flows unbroken");
    }
}
