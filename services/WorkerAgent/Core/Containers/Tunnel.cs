using Vprox.WireGuard;

namespace Vprox.WorkerAgent.Core;

/// <summary>How far a tunnel is.</summary>
public enum TunnelPhase
{
    /// <summary>Containers want it; no grant yet.</summary>
    Wanted,

    /// <summary>There is a grant; no node has accepted it yet.</summary>
    Granted,

    /// <summary>A node knows its key; no handshake yet.</summary>
    Connected,

    /// <summary>A handshake happened and the server answered through it.</summary>
    Proven,
}

/// <summary>
/// A worker's tunnel for one proxy. A proxy's containers on one worker share one static address: the first of them takes what the Allocator
/// gives, the others go with it, also when the Allocator is away.
/// </summary>
public sealed record Tunnel
{
    /// <summary>The proxy.</summary>
    public required string ProxyId { get; init; }

    /// <summary>The tunnel's own key.</summary>
    public required WireGuardPrivateKey PrivateKey { get; init; }

    /// <summary>Names its interface and table; null until one was found free.</summary>
    public int? Slot { get; init; }

    /// <summary>How far it is.</summary>
    public TunnelPhase Phase { get; init; }

    /// <summary>The current grant.</summary>
    public TunnelGrant? Grant { get; init; }

    /// <summary>What the node agreed to.</summary>
    public NodeConnection? Connection { get; init; }

    /// <summary>What it does with its port blocks.</summary>
    public TunnelPorts Ports { get; init; } = TunnelPorts.AsGranted;

    /// <summary>Not before then are blocks asked for or given back.</summary>
    public DateTimeOffset NextPorts { get; init; }

    /// <summary>Why the blocks it wants did not come; null when nothing speaks against them.</summary>
    public string? PortsRefusal { get; init; }

    /// <summary>When to ask for the next grant.</summary>
    public DateTimeOffset RenewAt { get; init; } = DateTimeOffset.MaxValue;

    /// <summary>Failed attempts since the last grant or handshake.</summary>
    public int Attempt { get; init; }

    /// <summary>Not before.</summary>
    public DateTimeOffset NextAttempt { get; init; }

    /// <summary>Why the last attempt failed.</summary>
    public Refusal? LastFailure { get; init; }

    /// <summary>True while a proven tunnel carries nothing.</summary>
    public bool Lost { get; init; }

    /// <summary>What Failover was last told.</summary>
    public bool LossReported { get; init; }

    /// <summary>Since when no container wants it.</summary>
    public DateTimeOffset? IdleSince { get; init; }

    /// <summary>True when a container may be routed through it now.</summary>
    public bool IsUsable => Phase == TunnelPhase.Proven && !Lost;

    /// <summary>True when blocks are to be asked for or given back.</summary>
    public bool WantsOtherPorts => IsUsable && Connection is { } connection && Ports.NeedsGrant(connection);

    /// <summary>The tunnel after a failed attempt.</summary>
    public Tunnel Failed(Refusal failure, DateTimeOffset nextAttempt) =>
        this with { Attempt = Attempt + 1, NextAttempt = nextAttempt, LastFailure = failure };

    /// <summary>The tunnel after a grant or a handshake.</summary>
    public Tunnel Succeeded(DateTimeOffset now) => this with { Attempt = 0, NextAttempt = now, LastFailure = null };
}
