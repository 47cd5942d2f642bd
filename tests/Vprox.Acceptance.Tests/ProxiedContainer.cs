using System.Net;
using Vprox.Lab.Scheduling;
using Vprox.Lab.Topology;

namespace Vprox.Acceptance.Tests;

/// <summary>A container with a static address for all tests of a class that only look at it from outside or from inside.</summary>
public sealed class ProxiedContainer(SharedLab shared) : IAsyncLifetime
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly string _id = Guid.NewGuid().ToString("N")[..8];

    /// <summary>The first container of the ordinary worker.</summary>
    public LabContainer Container => shared.Worker.Containers[0];

    /// <summary>Its workspace.</summary>
    public static string WorkspaceId => "ws-1";

    /// <summary>Its proxy.</summary>
    public string ProxyId => $"proxy-{_id}";

    /// <summary>Its static address.</summary>
    public IPAddress Address { get; private set; } = IPAddress.None;

    /// <summary>Its worker's tunnel.</summary>
    internal TunnelOfWorker Tunnel { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        var ready = await shared.Lab.Scheduler.RequestProxyAsync(ProxyId, WorkspaceId, deadline: Deadline);
        Demand(ready, "vprox.proxy-ready");
        Demand(await shared.Lab.Scheduler.StartContainerAsync($"container-{_id}", Container, ProxyId, Deadline), "vprox.container-routed");
        Address = IPAddress.Parse(ready.Addresses[0]);
        Tunnel = await TunnelOfWorker.ReadAsync(shared.Worker, Address);
    }

    public async ValueTask DisposeAsync()
    {
        await shared.Lab.Scheduler.StopContainerAsync($"container-{_id}", shared.Worker.WorkerId);
        await shared.Lab.Scheduler.ReleaseProxyAsync(ProxyId, WorkspaceId);
        await WorkerState.EmptyAsync(shared.Worker, Deadline);
    }

    private static void Demand(SchedulerEvent answer, string exchange)
    {
        if (answer.Exchange != exchange)
            throw new LabException($"Expected {exchange}, heard {answer.Exchange} {answer.Json}");
    }
}
