using System.Net;
using Vprox.WireGuard;

namespace Vprox.WorkerAgent.Core;

/// <summary>Something that happened to the worker's containers or tunnels.</summary>
public abstract record WorkerEvent
{
    /// <summary>A ContainerStarted that passed <see cref="Admission"/>.</summary>
    /// <param name="Container">The container as it was asked for.</param>
    /// <param name="TunnelKey">A fresh key, used when the container is the first of its proxy.</param>
    public sealed record Started(Container Container, WireGuardPrivateKey TunnelKey) : WorkerEvent;

    /// <summary>A ContainerStopped.</summary>
    public sealed record Stopped(string ContainerId) : WorkerEvent;

    /// <summary>The kernel holds this now.</summary>
    public sealed record Applied(DesiredWorker Kernel) : WorkerEvent;

    /// <summary>The Allocator granted.</summary>
    public sealed record Granted(string ProxyId, TunnelGrant Grant) : WorkerEvent;

    /// <summary>The Allocator refused for good.</summary>
    /// <param name="ProxyId">The proxy.</param>
    /// <param name="WorkspaceId">The workspace that was asked for; its containers are meant, and nobody else's.</param>
    /// <param name="Refusal">Why.</param>
    public sealed record GrantRefused(string ProxyId, string? WorkspaceId, Refusal Refusal) : WorkerEvent;

    /// <summary>A node accepted the tunnel's key.</summary>
    public sealed record Connected(string ProxyId, NodeConnection Connection) : WorkerEvent;

    /// <summary>A node refused the tunnel for good.</summary>
    public sealed record ConnectRefused(string ProxyId, Refusal Refusal) : WorkerEvent;

    /// <summary>The node does not take the grant: another is needed.</summary>
    public sealed record GrantRejected(string ProxyId, Refusal Refusal, TimeSpan Delay) : WorkerEvent;

    /// <summary>An attempt failed and will be repeated.</summary>
    public sealed record AttemptFailed(string ProxyId, Refusal Refusal, TimeSpan Delay) : WorkerEvent;

    /// <summary>The server answered through the tunnel, after a handshake.</summary>
    public sealed record Answered(string ProxyId) : WorkerEvent;

    /// <summary>The server did not answer any of the probes.</summary>
    public sealed record FellSilent(string ProxyId) : WorkerEvent;

    /// <summary>The node was told that the tunnel ends, or could not be told.</summary>
    public sealed record Disconnected(string ProxyId) : WorkerEvent;

    /// <summary>A tunnel's blocks are to be used otherwise, or more or fewer of them are needed.</summary>
    public sealed record PortsPlanned(string ProxyId, TunnelPorts Ports) : WorkerEvent;

    /// <summary>The blocks that are wanted did not come, or those given back were not taken.</summary>
    public sealed record PortsRefused(string ProxyId, string Reason, TimeSpan Delay) : WorkerEvent;

    /// <summary>The broker has a container's answer.</summary>
    public sealed record AnswerDelivered(string ContainerId, ContainerPhase Phase) : WorkerEvent;

    /// <summary>The broker has the report about these tunnels.</summary>
    public sealed record LossDelivered(IReadOnlyList<string> ProxyIds, bool Lost) : WorkerEvent;

    /// <summary>Time passed.</summary>
    public sealed record Tick : WorkerEvent;
}
