using System.Diagnostics;
using System.Text.Json;
using Vprox.Lab.Broker;
using Vprox.Lab.Cloud;
using Vprox.Lab.Cloud.Admin;
using Vprox.Lab.Namespaces;
using Vprox.Lab.Scheduling;
using Vprox.Lab.Topology.Processes;

namespace Vprox.Lab.Topology;

/// <summary>
/// A whole small world in network namespaces: an internet, a VPC with a cloud, proxy nodes, workers with containers, a control host with
/// the broker and the central services. Nothing of it reaches the machine's own network. Disposing it leaves nothing behind.
/// </summary>
public sealed partial class VproxLab : IAsyncDisposable
{
    private static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(90);

    private readonly LabOptions _options;
    private readonly LabDirectory _directory;
    private readonly List<LabHost> _hosts = [];

    private VproxLab(LabOptions options)
    {
        _options = options;
        Name = NetworkNamespace.RandomPrefix();
        Plan = new LabPlan(options);
        _directory = LabDirectory.Create(Name);
    }

    /// <summary>vprox- and 8 hexadecimal digits; every namespace's name begins with it.</summary>
    public string Name { get; }

    /// <summary>Logs and state of all hosts, a folder each.</summary>
    public string Directory => _directory.Location;

    public LabPlan Plan { get; }

    /// <summary>VPC router and internet gateway; the cloud runs here.</summary>
    public LabHost Gateway { get; private set; } = null!;

    /// <summary>Broker, Allocator and Failover.</summary>
    public LabHost Control { get; private set; } = null!;

    /// <summary>What containers talk to.</summary>
    public LabHost Internet { get; private set; } = null!;

    public IReadOnlyList<LabNode> Nodes { get; private set; } = [];

    public IReadOnlyList<LabWorker> Workers { get; private set; } = [];

    /// <summary>All of them, containers too.</summary>
    public IReadOnlyList<LabHost> Hosts => _hosts;

    /// <summary>Settings, faults and questions to the cloud.</summary>
    public CloudClient Cloud { get; private set; } = null!;

    /// <summary>RabbitMQ, which can be stopped, killed and started again; null without services, or when the lab is kept.</summary>
    public RabbitBroker? Broker { get; private set; }

    /// <summary>Publishes and listens as a scheduler in another language does.</summary>
    public Scheduler Scheduler { get; private set; } = null!;

    public LabProcess Allocator => Control.Processes[ServiceSpecs.Allocator];

    public LabProcess Failover => Control.Processes[ServiceSpecs.Failover];

    /// <summary>Builds and starts everything; returns when all services are ready.</summary>
    /// <exception cref="LabException">Something did not start; what was made is gone again.</exception>
    public static async Task<VproxLab> StartAsync(LabOptions? options = null, CancellationToken cancel = default)
    {
        LabSweep.RemoveAbandoned();
        var lab = new VproxLab(options ?? new LabOptions());
        try
        {
            lab.BuildHosts();
            await lab.StartServicesAsync(cancel);
            if (lab._options.Keep)
                lab._directory.Keep();
            return lab;
        }
        catch (Exception exception)
        {
            await lab.EndAsync();
            if (exception is OperationCanceledException or LabException)
                throw;
            throw new LabException($"The lab did not start: {exception.Message}", exception);
        }
    }

    /// <summary>Waits until something holds.</summary>
    /// <exception cref="LabException">It did not within the time.</exception>
    public static async Task<T> WaitForAsync<T>(string what, Func<Task<T?>> look, TimeSpan deadline, CancellationToken cancel = default)
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            if (await look() is { } found)
                return found;
            if (Stopwatch.GetElapsedTime(started) > deadline)
                throw new LabException($"{what}: not within {deadline.TotalSeconds:0.#} s");
            await Task.Delay(100, cancel);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_options.Keep)
        {
            if (Scheduler is not null)
                await Scheduler.DisposeAsync();
            return;
        }
        await EndAsync();
    }

    private async Task EndAsync()
    {
        try
        {
            if (Scheduler is not null)
                await Scheduler.DisposeAsync();
            if (Broker is not null)
                await Broker.DisposeAsync();
            // Each waits for its processes; they do so together.
            await Task.WhenAll(_hosts.Select(host => Task.Run(host.Dispose)));
        }
        finally
        {
            // Whatever failed above, nothing stays.
            _directory.Remove();
        }
    }

    private async Task StartServicesAsync(CancellationToken cancel)
    {
        var cloudOptions = Path.Combine(Gateway.Directory, "cloud.json");
        await File.WriteAllTextAsync(cloudOptions, JsonSerializer.Serialize(new CloudOptions
        {
            Seed = Plan.Seed,
            Settings = _options.CloudSettings,
            ApiAddress = LabPlan.ControlRouter.ToString(),
            ApiPort = LabPlan.CloudPort,
            MetadataAddress = LabPlan.Metadata.ToString(),
        }), cancel);
        var cloud = Gateway.Start(new ProcessSpec("cloud", Programs.Lab("cloud", cloudOptions), NoEnvironment));
        var internet = Internet.Start(new ProcessSpec("internet", Programs.Lab("internet"), NoEnvironment));
        Control.Http.BaseAddress = LabPlan.CloudUrl;
        Cloud = new CloudClient(Control.Http);
        if (_options.Services)
            StartVprox();

        _options.Progress?.Invoke("cloud, internet and broker");
        await TogetherAsync(
            cancel,
            together => AnswersAsync(Control, cloud, new Uri(LabPlan.CloudUrl, "/lab/settings"), _ => true, together),
            together => AnswersAsync(Internet, internet, new Uri($"http://{LabPlan.InternetServer}/"), _ => true, together),
            together => _options.Services ? StartBrokerAsync(together) : Task.CompletedTask);
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
        Scheduler = await Scheduler.ConnectAsync(Control, new Uri(BrokerUri), cancel);
        await TogetherAsync(cancel, [.. _hosts
            .SelectMany(host => host.Processes.Values, (host, process) => (host, process))
            .Where(started => started.process.Name is not ("cloud" or "internet" or "broker"))
            .Select(started => (Func<CancellationToken, Task>)(together => ReadyAsync(started.host, started.process, together)))]);
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

    private static string BrokerUri => $"amqp://{RabbitBroker.User}:{RabbitBroker.Password}@{LabPlan.ControlPrivate}:{LabPlan.BrokerPort}/";

    private static Dictionary<string, string> NoEnvironment { get; } = [];

    private async Task StartBrokerAsync(CancellationToken cancel)
    {
        var folder = Path.Combine(Control.Directory, "broker");
        // A kept lab outlives this process, and a broker that this process holds does not.
        if (_options.Keep)
        {
            var process = Control.Start(new ProcessSpec("broker", Programs.Lab("broker", folder), NoEnvironment));
            await WaitForAsync("broker", () => Task.FromResult(process.Tail().Contains("amqp://", StringComparison.Ordinal) ? process : null), StartDeadline, cancel);
            return;
        }
        Broker = await RabbitBroker.StartAsync(BrokerProgram.Settings(folder, Control.Namespace.Name), cancel);
    }

    /// <summary>Waits until a service is ready and lacks nothing: a node agent is known to the Allocator.</summary>
    public static Task ReadyAsync(LabHost host, LabProcess process, CancellationToken cancel = default) =>
        AnswersAsync(host, process, ServiceSpecs.ReadyUrl(process.Name), text => text == "Healthy", cancel);

    private static Task<LabProcess> AnswersAsync(LabHost host, LabProcess process, Uri url, Func<string, bool> expected, CancellationToken cancel) =>
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
