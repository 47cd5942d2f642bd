using System.Net;
using System.Text.Json;
using Vprox.Lab.Probes;
using Vprox.Lab.Scheduling;
using Vprox.Lab.Topology;

namespace Vprox.Acceptance.Tests;

/// <summary>
/// A test on the shared lab. What it asked for by these methods is given back afterwards; when it failed, what the services wrote meanwhile
/// stands in its output.
/// </summary>
public abstract class AcceptanceTest(SharedLab shared) : IAsyncLifetime
{
    /// <summary>Long enough for a slow machine that runs other tests too.</summary>
    protected static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly string _id = Guid.NewGuid().ToString("N")[..8];
    private readonly List<(string ProxyId, string WorkspaceId)> _proxies = [];
    private readonly List<(string ContainerId, LabContainer Container)> _containers = [];
    private LogMark? _mark;

    protected VproxLab Lab => shared.Lab;

    protected LabWorker Worker => shared.Worker;

    protected LabWorker ClosedWorker => shared.ClosedWorker;

    public virtual ValueTask InitializeAsync()
    {
        _mark = LogMark.Now(Lab);
        return ValueTask.CompletedTask;
    }

    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (TestContext.Current.TestState?.Result == TestResult.Failed && _mark is not null)
            TestContext.Current.TestOutputHelper?.WriteLine(_mark.Since());
        foreach (var (id, container) in _containers)
            await Lab.Scheduler.StopContainerAsync(id, container.Worker.WorkerId);
        foreach (var (id, workspace) in _proxies)
            await Lab.Scheduler.ReleaseProxyAsync(id, workspace);
        foreach (var (_, container) in _containers)
            await WorkerState.WithoutAsync(container.Worker, container.Address, Deadline);
    }

    /// <summary>An id that no other test uses.</summary>
    protected string Id(string name) => $"{name}-{_id}";

    /// <summary>Asks for a proxy of one address and returns it.</summary>
    protected async Task<(string ProxyId, IPAddress Address)> ProxyAsync(string name = "proxy", string workspaceId = "ws-1")
    {
        var answer = await AskForProxyAsync(Id(name), workspaceId);
        Assert.True(answer.Exchange == "vprox.proxy-ready", $"The proxy was rejected: {answer.Json}");
        return (Id(name), IPAddress.Parse(Assert.Single(answer.Addresses)));
    }

    /// <summary>Asks for a proxy and returns the answer, whatever it is.</summary>
    protected Task<SchedulerEvent> AskForProxyAsync(string proxyId, string workspaceId = "ws-1", int addressCount = 1)
    {
        _proxies.Add((proxyId, workspaceId));
        return Lab.Scheduler.RequestProxyAsync(proxyId, workspaceId, addressCount, Deadline);
    }

    /// <summary>Starts a container behind a proxy and waits until it is routed.</summary>
    /// <returns>Its id.</returns>
    protected async Task<string> RouteAsync(LabContainer container, string proxyId, string name = "container")
    {
        var id = await SendStartAsync(container, proxyId, name);
        Assert.Equal("vprox.container-routed", (await AnswerAsync(id)).Exchange);
        return id;
    }

    /// <summary>Publishes ContainerStarted without waiting for anything.</summary>
    /// <returns>The container's id.</returns>
    protected async Task<string> SendStartAsync(LabContainer container, string proxyId, string name = "container", object? more = null)
    {
        var id = Id(name);
        _containers.Add((id, container));
        var message = JsonSerializer.SerializeToNode(new { containerId = id, containerIp = container.Address.ToString(), proxyId })!.AsObject();
        foreach (var (key, value) in JsonSerializer.SerializeToNode(more ?? new { })!.AsObject())
            message[key] = value?.DeepClone();
        await Lab.Scheduler.PublishAsync("vprox.container-started", container.Worker.WorkerId, message.ToJsonString());
        return id;
    }

    /// <summary>The answer to a ContainerStarted.</summary>
    protected Task<SchedulerEvent> AnswerAsync(string containerId) => Lab.Scheduler.ExpectAsync(
        seen => seen.Exchange is "vprox.container-routed" or "vprox.container-refused" && seen.Text("containerId") == containerId, Deadline);

    /// <summary>Stops a container and waits until the worker's kernel has forgotten it.</summary>
    protected async Task StopAsync(string containerId, LabContainer container)
    {
        await Lab.Scheduler.StopContainerAsync(containerId, container.Worker.WorkerId);
        await WorkerState.WithoutAsync(container.Worker, container.Address, Deadline);
    }

    /// <summary>The node that EC2 routes an address to.</summary>
    protected async Task<LabNode> NodeOfAsync(IPAddress address)
    {
        var placed = (await Lab.Cloud.EffectiveElasticIpsAsync()).Single(ip => ip.Address == address.ToString());
        return Lab.Nodes.Single(node => node.InstanceId == placed.InstanceId);
    }

    /// <summary>The private address behind a static one.</summary>
    protected async Task<IPAddress> PrivateAddressOfAsync(IPAddress address) =>
        IPAddress.Parse((await Lab.Cloud.EffectiveElasticIpsAsync()).Single(ip => ip.Address == address.ToString()).PrivateAddress!);

    /// <summary>Waits until something holds.</summary>
    protected static Task UntilAsync(string what, Func<Task<bool>> holds, TimeSpan? deadline = null) =>
        VproxLab.WaitForAsync(what, async () => await holds() ? "yes" : null, deadline ?? Deadline);
}
