using System.Net.Sockets;
using Vprox.Lab.Topology;
using Vprox.Scenarios.Flows;

namespace Vprox.Scenarios.Drills;

/// <summary>
/// Proxies of one static address each, a container on every worker for each of them, and the flows of these containers. Opened for one run,
/// and given back after it, so that every run begins with addresses placed anew.
/// </summary>
public sealed class Traffic
{
    private const string Workspace = "ws-scenarios";
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly VproxLab _lab;
    private readonly string _run;
    private readonly List<(string Id, LabContainer Container)> _containers = [];
    private readonly List<FlowProgram> _programs = [];
    private readonly List<string> _proxies = [];

    private Traffic(VproxLab lab, string run)
    {
        _lab = lab;
        _run = run;
        Sources = new SourceWatch(lab.Internet);
        Client = new FlowClient(Path.Combine(lab.Internet.Directory, "flows.sock"));
    }

    /// <summary>The static addresses.</summary>
    public IReadOnlyList<string> Addresses { get; private set; } = [];

    /// <summary>The proxy that owns one of the addresses.</summary>
    public string ProxyOf(string address) => _proxies[Addresses.Index().Single(each => each.Item == address).Index];

    public SourceWatch Sources { get; }

    public FlowClient Client { get; }

    public static async Task<Traffic> OpenAsync(VproxLab lab, int addresses, FlowCounts counts, CancellationToken cancel)
    {
        var traffic = new Traffic(lab, Guid.NewGuid().ToString("N")[..8]);
        try
        {
            await traffic.AskForProxiesAsync(addresses, cancel);
            await traffic.StartContainersAsync(cancel);
            traffic.Sources.Begin(traffic.Addresses);
            if (counts.Total > 0)
                await traffic.StartFlowsAsync(counts, cancel);
            return traffic;
        }
        catch (LabException)
        {
            // The next run in this lab needs the addresses and the containers.
            await traffic.CloseAsync(cancel);
            throw;
        }
    }

    /// <summary>Has proxies placed and releases them.</summary>
    public static async Task ComeAndGoAsync(VproxLab lab, int addresses, CancellationToken cancel)
    {
        var traffic = new Traffic(lab, Guid.NewGuid().ToString("N")[..8]);
        await traffic.AskForProxiesAsync(addresses, cancel);
        await traffic.CloseAsync(cancel);
    }

    /// <summary>Ends the flows, stops the containers and releases the proxies.</summary>
    public async Task CloseAsync(CancellationToken cancel)
    {
        foreach (var program in _programs)
            program.Dispose();
        foreach (var (id, container) in _containers)
            await _lab.Scheduler.StopContainerAsync(id, container.Worker.WorkerId, cancel);
        foreach (var proxy in _proxies)
            await _lab.Scheduler.ReleaseProxyAsync(proxy, Workspace, cancel);
    }

    private async Task AskForProxiesAsync(int count, CancellationToken cancel)
    {
        _proxies.AddRange(Enumerable.Range(1, count).Select(number => $"proxy{number}-{_run}"));
        var answers = await Task.WhenAll(_proxies.Select(id => _lab.Scheduler.RequestProxyAsync(id, Workspace, 1, Deadline, cancel)));
        Addresses = [.. answers.Select(answer => answer.Exchange == "vprox.proxy-ready"
            ? answer.Addresses[0]
            : throw new LabException($"A proxy was rejected: {answer.Text("reason")}"))];
    }

    private async Task StartContainersAsync(CancellationToken cancel)
    {
        foreach (var worker in _lab.Workers)
            foreach (var (index, container) in worker.Containers.Take(Addresses.Count).Index())
                _containers.Add(($"{container.Name}-{_run}", container));
        var answers = await Task.WhenAll(_containers.Select(each =>
            _lab.Scheduler.StartContainerAsync(each.Id, each.Container, _proxies[Index(each.Container)], Deadline, cancel)));
        if (answers.FirstOrDefault(answer => answer.Exchange != "vprox.container-routed") is { } refused)
            throw new LabException($"A container was refused: {refused.Json}");
    }

    // The n-th container of every worker leaves with the n-th address.
    private static int Index(LabContainer container) => container.Worker.Containers.Index().Single(each => each.Item == container).Index;

    private async Task StartFlowsAsync(FlowCounts counts, CancellationToken cancel)
    {
        var plan = new FlowPlan
        {
            Server = LabPlan.InternetServer.ToString(),
            ReportSocket = Path.Combine(_lab.Internet.Directory, "flows.sock"),
            Flows = [.. Spread(FlowKind.Echo, counts.Echo), .. Spread(FlowKind.Push, counts.Push), .. Spread(FlowKind.Udp, counts.Udp)],
        };
        var file = Path.Combine(_lab.Internet.Directory, "flows.json");
        await plan.WriteAsync(file, cancel);
        await StartAsync("flow-server", plan.Server, program => Task.FromResult(program.Output.StartsWith("Flows end", StringComparison.Ordinal)), cancel);
        try
        {
            await StartAsync("flow-client", file, _ => AllGoOnAsync(cancel), cancel);
        }
        catch (LabException late)
        {
            throw new LabException($"{late.Message}: {await ThoseThatDoNotGoOnAsync(cancel)}");
        }
    }

    private async Task<bool> AllGoOnAsync(CancellationToken cancel)
    {
        try
        {
            return (await Client.AskAsync(arrivals: false, cancel)).Flows.All(flow => flow.GoesOn && flow.Arrived >= 5);
        }
        catch (SocketException)
        {
            // It is still opening them.
            return false;
        }
    }

    private async Task<string> ThoseThatDoNotGoOnAsync(CancellationToken cancel)
    {
        try
        {
            var silent = (await Client.AskAsync(arrivals: false, cancel)).Flows.Where(flow => !flow.GoesOn).ToList();
            return $"{silent.Count} flows do not go on, "
                + string.Join(", ", silent.Take(8).Select(flow => $"{flow.Kind} {flow.Id} of {flow.Address} after {flow.Arrived} arrivals ({flow.Broken ?? "silent"})"));
        }
        catch (SocketException)
        {
            return "it has not opened all of them";
        }
    }

    /// <summary>Flows of a kind, evenly over addresses first and workers second.</summary>
    private IEnumerable<FlowSpec> Spread(FlowKind kind, int count)
    {
        for (var index = 0; index < count; index++)
        {
            var address = index % Addresses.Count;
            var worker = _lab.Workers[index / Addresses.Count % _lab.Workers.Count];
            yield return new FlowSpec(
                ((int)kind * 1000) + index, kind, worker.Containers[address].Namespace.Name, Addresses[address], FlowPorts.Of(kind, address));
        }
    }

    private async Task StartAsync(string name, string argument, Func<FlowProgram, Task<bool>> isUp, CancellationToken cancel)
    {
        var program = FlowProgram.Start(_lab.Internet, name, argument);
        _programs.Add(program);
        await VproxLab.WaitForAsync(name, async () =>
        {
            if (!program.IsRunning)
                throw new LabException($"{name} ended:\n{program.Output}");
            return await isUp(program) ? program : null;
        }, Deadline, cancel);
    }
}
