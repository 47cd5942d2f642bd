using System.Text.Json;
using Vprox.Lab.Broker;
using Vprox.Lab.Cloud;
using Vprox.Lab.Cloud.Admin;
using Vprox.Lab.Scheduling;
using Vprox.Lab.Topology.Processes;

namespace Vprox.Lab.Topology;

public sealed partial class VproxLab
{
    private static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(90);

    /// <summary>The processes of Vprox's four services, with the hosts they run on.</summary>
    public IEnumerable<(LabHost Host, LabProcess Process)> Services => _hosts
        .SelectMany(host => host.Processes.Values, (host, process) => (host, process))
        .Where(started => started.process.Name is not ("cloud" or "internet" or "broker"));

    private async Task StartServicesAsync(CancellationToken cancel)
    {
        var cloudOptions = Path.Combine(Gateway.Directory, "cloud.json");
        await File.WriteAllTextAsync(cloudOptions, JsonSerializer.Serialize(new CloudOptions
        {
            Seed = Plan.Seed,
            Settings = _options.CloudSettings,
            ApiAddress = LabPlan.ControlRouter.ToString(),
            ApiPort = LabPlan.CloudPort,
            MoreApiPorts = [LabPlan.QueuePort, LabPlan.LabPort],
            MetadataAddress = LabPlan.Metadata.ToString(),
        }), cancel);
        var cloud = Gateway.Start(new ProcessSpec("cloud", Programs.Lab("cloud", cloudOptions), NoEnvironment));
        var internet = Internet.Start(new ProcessSpec("internet", Programs.Lab("internet"), NoEnvironment));
        Control.Http.BaseAddress = LabPlan.LabUrl;
        Cloud = new CloudClient(Control.Http);
        if (_options.Services)
            StartVprox();

        _options.Progress?.Invoke("cloud, internet and broker");
        await TogetherAsync(
            cancel,
            together => AnswersAsync(Control, cloud, new Uri(LabPlan.LabUrl, "/lab/settings"), _ => true, together),
            together => AnswersAsync(Internet, internet, new Uri($"http://{LabPlan.InternetServer}/"), _ => true, together),
            together => _options.Services ? StartBrokerAsync(together) : Task.CompletedTask);
        await WatchInstancesAsync(cancel);
        if (_options.Services)
            await ConnectAsync(cancel);
    }

    // They wait for the broker, and for IMDS, by themselves: started together, all are up soonest.
    private void StartVprox()
    {
        Control.Start(ServiceSpecs.ForAllocator(Control, Plan, _options));
        Control.Start(ServiceSpecs.ForFailover(_options));
        foreach (var node in Nodes)
            node.Start(ServiceSpecs.ForNodeAgent(node, _options));
        foreach (var worker in Workers)
            worker.Start(ServiceSpecs.ForWorkerAgent(worker, _options));
    }

    private async Task ConnectAsync(CancellationToken cancel)
    {
        _options.Progress?.Invoke("allocator, failover, node agents and worker agents");
        Scheduler = await Scheduler.ConnectAsync(Control, BrokerAddress, cancel);
        await AllReadyAsync(cancel);
    }

    /// <summary>The first that fails is the reason; the others need not be waited for.</summary>
    private static async Task TogetherAsync(CancellationToken cancel, params IReadOnlyList<Func<CancellationToken, Task>> all)
    {
        using var together = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        await foreach (var done in Task.WhenEach(all.Select(one => one(together.Token)).ToList()))
        {
            if (!done.IsCompletedSuccessfully)
                await together.CancelAsync();
            await done;
        }
    }

    /// <summary>The broker, as the control host reaches it.</summary>
    public static Uri BrokerAddress { get; } = new($"amqp://{RabbitBroker.User}:{RabbitBroker.Password}@{LabPlan.ControlPrivate}:{LabPlan.BrokerPort}/");

    private static Dictionary<string, string> NoEnvironment { get; } = [];

    private async Task StartBrokerAsync(CancellationToken cancel)
    {
        var folder = Path.Combine(Control.Directory, "broker");
        // A kept lab outlives this process, and a broker that this process holds does not.
        if (_options.Keep)
        {
            var process = Control.Start(new ProcessSpec("broker", Programs.Lab("broker", folder), NoEnvironment));
            LabProcess? Up() => process.Tail().Contains("amqp://", StringComparison.Ordinal) ? process : null;
            await WaitForAsync("broker", () => Task.FromResult(Up()), StartDeadline, cancel);
            return;
        }
        Broker = await RabbitBroker.StartAsync(BrokerProgram.Settings(folder, Control.Namespace.Name), cancel);
    }

    /// <summary>Waits until every service is ready and lacks nothing.</summary>
    public Task AllReadyAsync(CancellationToken cancel = default) => TogetherAsync(
        cancel, [.. Services.Select(service => (Func<CancellationToken, Task>)(together => ReadyAsync(service.Host, service.Process, together)))]);

    /// <summary>A new scheduler, after the broker was away. What the old one heard is forgotten.</summary>
    public async Task ReconnectSchedulerAsync(CancellationToken cancel = default)
    {
        await Scheduler.DisposeAsync();
        Scheduler = await Scheduler.ConnectAsync(Control, BrokerAddress, cancel);
    }

    /// <summary>Waits until a service is ready and lacks nothing: a node agent is known to the Allocator.</summary>
    public static Task ReadyAsync(LabHost host, LabProcess process, CancellationToken cancel = default) =>
        AnswersAsync(host, process, ServiceSpecs.ReadyUrl(process.Name), text => text == "Healthy", cancel);

    private static Task<LabProcess> AnswersAsync(
        LabHost host, LabProcess process, Uri url, Func<string, bool> expected, CancellationToken cancel) =>
        WaitForAsync($"{process.Name} on {host.Name}", async () =>
        {
            if (!process.IsRunning)
                throw new LabException($"{process.Name} on {host.Name} ended:\n{process.Tail()}");
            try
            {
                using var answer = await host.Http.GetAsync(url, cancel);
                return answer.IsSuccessStatusCode && expected(await answer.Content.ReadAsStringAsync(cancel)) ? process : null;
            }
            catch (HttpRequestException)
            {
                return null;
            }
        }, StartDeadline, cancel);
}
