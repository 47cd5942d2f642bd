using System.Net;

namespace Vprox.WorkerAgent.Core;

/// <summary>How far a container is. What its tunnel has reached (granted, connected, proven) stands in <see cref="TunnelPhase"/>.</summary>
public enum ContainerPhase
{
    /// <summary>Its event arrived; the kernel does not hold it yet.</summary>
    Received,

    /// <summary>The kill switch is in the kernel: it leaves through a tunnel or not at all.</summary>
    Held,

    /// <summary>Its rule is in the kernel and its tunnel proven.</summary>
    Routed,

    /// <summary>It has no path and stays closed until it is stopped, or started again.</summary>
    Refused,
}

/// <summary>A container of this worker.</summary>
public sealed record Container
{
    /// <summary>The scheduler's id.</summary>
    public required string Id { get; init; }

    /// <summary>Its address.</summary>
    public required IPAddress Ip { get; init; }

    /// <summary>The bridge or veth it sits behind; null when there is none, which is why it was refused.</summary>
    public string? Link { get; init; }

    /// <summary>The proxy it asked for.</summary>
    public required string ProxyId { get; init; }

    /// <summary>Its workspace, when the scheduler named it.</summary>
    public string? WorkspaceId { get; init; }

    /// <summary>When its event arrived.</summary>
    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>How far it is.</summary>
    public ContainerPhase Phase { get; init; }

    /// <summary>When its rule was in the kernel.</summary>
    public DateTimeOffset? RoutedAt { get; init; }

    /// <summary>Why it was refused.</summary>
    public Refusal? Refusal { get; init; }

    /// <summary>True when the scheduler was told of this phase.</summary>
    public bool Answered { get; init; }

    /// <summary>True while it waits for a path.</summary>
    public bool IsWaiting => Phase is ContainerPhase.Received or ContainerPhase.Held;

    /// <summary>The same container, refused.</summary>
    public Container Refuse(Refusal refusal) => this with { Phase = ContainerPhase.Refused, Refusal = refusal, Answered = false };
}

/// <summary>Why not: a code of <see cref="Contracts.ContainerRefusedCode"/> and a sentence for people.</summary>
public sealed record Refusal(string Code, string Reason);
