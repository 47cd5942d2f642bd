using Vprox.Lab.Probes;
using Vprox.Lab.Topology;
using Vprox.Scenarios.Catalog;
using Vprox.Scenarios.Drills;
using Vprox.Scenarios.Flows;
using Vprox.Scenarios.Results;

namespace Vprox.Scenarios.Running;

/// <summary>Runs a scenario once in a lab that is up: opens traffic, lets the scenario do its fault, and reads what came of it.</summary>
internal sealed class ScenarioRun(VproxLab lab, BusSpy bus, Scenario scenario, DrillSettings settings, Action<string> say)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public async Task<RunResult> RunAsync(CancellationToken cancel)
    {
        await lab.Cloud.ForgetMovesAsync(cancel);
        await Traffic.ComeAndGoAsync(lab, scenario.Bygone, cancel);
        var traffic = await Traffic.OpenAsync(lab, scenario.Addresses, scenario.Flows, cancel);
        await SettledMachine.WaitAsync(Patience, cancel);
        using var endOfWatch = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        HandshakeWatch? handshakes = null;
        var watching = Task.CompletedTask;
        var drill = new Drill(lab, bus, traffic)
        {
            Settings = settings,
            Say = say,
            OnFault = fault =>
            {
                handshakes = new HandshakeWatch(
                    () => bus.Since(fault, "vprox.static-ip-placed"), new LabHandshakes(lab).LatestAsync, traffic.Addresses, fault);
                watching = Task.Run(() => handshakes.RunAsync(endOfWatch.Token), cancel);
            },
        };
        try
        {
            await scenario.RunAsync(drill, cancel);
            var report = scenario.Flows.Total > 0 ? await drill.ReportAsync(arrivals: true, cancel) : null;
            var steps = new TimelineReading(drill.Fault)
            {
                Messages = [.. bus.Heard.Where(message => message.Arrived >= drill.Fault.Timestamp)],
                Moves = await lab.Cloud.MovesAsync(cancel),
                Handshakes = handshakes?.First ?? new Dictionary<string, DateTimeOffset>(),
                Flows = report,
            }.Read();
            var result = await ResultAsync(drill, traffic, steps, report);
            // While the flows are still there: what holds them up shows in the kernels.
            return result.Passed && !settings.KeepLogs ? result : result with { Logs = await KeptLogs.KeepAsync(lab, scenario.Name) };
        }
        finally
        {
            await endOfWatch.CancelAsync();
            await watching;
            await traffic.CloseAsync(cancel);
        }
    }

    private async Task<RunResult> ResultAsync(Drill drill, Traffic traffic, Timeline steps, FlowReport? report)
    {
        var wrong = await traffic.Sources.CountAsync();
        drill.Expect($"no packet with a wrong source; there were {wrong}, among them from {(wrong > 0 ? await traffic.Sources.OffendersAsync() : "none")}", wrong == 0);
        var ended = report?.Flows.Where(flow => !FlowOutcome.Survives(flow)).ToList() ?? [];
        var lost = ended.Where(flow => !drill.Forfeit.Contains(flow.Address)).ToList();
        if (drill.Forfeit.Count > 0)
            drill.Note("flows that the fault itself ended", ended.Count - lost.Count);
        drill.Expect(
            $"all flows survive; lost were {string.Join(", ", lost.Take(5).Select(flow => $"{flow.Kind} {flow.Id} of {flow.Address} ({flow.Broken ?? "silent"})"))}"
            + (lost.Count > 5 ? $" and {lost.Count - 5} more" : ""), lost.Count == 0);
        var fenced = new SourceCheck(lab).Read().Sum(source => source.Packets);
        if (fenced > 0)
            drill.Note("packets EC2's source check held back", fenced);
        if (report is not null)
            drill.Note("stall of an address (ms)", Stall.LongestOf(report, drill.Fault));
        FlowOutcome Outcome(FlowKind kind) => report is null ? FlowOutcome.None : FlowOutcome.Of(report, kind, drill.Fault);
        var (echo, push, udp) = (Outcome(FlowKind.Echo), Outcome(FlowKind.Push), Outcome(FlowKind.Udp));
        if (scenario.MostGap is { } most)
        {
            var longest = Math.Max(echo.LongestGapMs, Math.Max(push.LongestGapMs, udp.LongestGapMs));
            drill.Expect($"no flow is silent for more than {most.TotalMilliseconds:0} ms; one was for {longest:0} ms", longest <= most.TotalMilliseconds);
        }
        return new RunResult
        {
            Steps = steps,
            Echo = echo,
            Push = push,
            Udp = udp,
            WrongSourcePackets = wrong,
            Failures = drill.Failures,
            Figures = drill.Figures,
        };
    }
}
