using System.Diagnostics;
using System.Net;
using Vprox.Lab.Namespaces;

namespace Vprox.Scenarios.Flows.Client;

/// <summary>
/// `Vprox.Scenarios flow-client PLAN`: the clients' end of all flows. One process serves the containers of all workers: a socket stays in
/// the namespace it was opened in, whoever uses it.
/// </summary>
internal static class ClientProgram
{
    public static async Task<int> RunAsync(string planFile, CancellationToken cancel)
    {
        var plan = await FlowPlan.ReadAsync(planFile, cancel);
        var started = Stopwatch.GetTimestamp();
        var flows = await OpenAsync(plan, started);
        using var loop = new EventLoop();
        foreach (var flow in flows)
        {
            loop.Watch(flow.Socket, flow.Read);
            loop.Every250Ms(flow.Spec.Id, flow.Tick);
        }
        using var reports = new ReportSocket(plan.ReportSocket, loop, arrivals =>
        {
            var now = Stopwatch.GetTimestamp();
            return new FlowReport(now, started, [.. flows.Select(flow => flow.Report(now, arrivals))]);
        });
        loop.Run(cancel);
        return 0;
    }

    private static async Task<IReadOnlyList<Flow>> OpenAsync(FlowPlan plan, long started)
    {
        var server = IPAddress.Parse(plan.Server);
        var opened = await Task.WhenAll(plan.Flows.GroupBy(flow => flow.Namespace).Select(container => Task.Run(() => OpenIn(container.Key, container))));
        return [.. opened.SelectMany(flows => flows)];

        List<Flow> OpenIn(string container, IEnumerable<FlowSpec> specs)
        {
            // Not disposed: that would delete it.
            return NetworkNamespace.Open(container).Run(() => specs.Select(spec => Flow.Open(spec, server, started)).ToList());
        }
    }
}
