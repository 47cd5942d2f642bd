using System.Collections.Immutable;
using System.Net;

namespace Vprox.Failover.Core.Liveness;

/// <summary>A node with all evidence about it alone, and the verdict in force.</summary>
public sealed record ObservedNode
{
    /// <summary>Its name.</summary>
    public required string NodeId { get; init; }

    /// <summary>EC2's name of it; null before the node or the Allocator has said it.</summary>
    public string? InstanceId { get; init; }

    /// <summary>Where it is probed; null when it has named no address that may be.</summary>
    public IPEndPoint? ProbeTarget { get; init; }

    /// <summary>What it says of itself.</summary>
    public required Heartbeats Heartbeats { get; init; }

    /// <summary>What probes of it came to.</summary>
    public Probes Probes { get; init; } = Probes.None;

    /// <summary>What EC2 says.</summary>
    public InstanceStanding Instance { get; init; } = InstanceStanding.Unknown;

    /// <summary>Why an operator has declared it dead; null when none has, or it has recovered since.</summary>
    public string? Failed { get; init; }

    /// <summary>The verdict in force.</summary>
    public Health Health { get; init; }

    /// <summary>When it was declared unhealthy; null for a verdict from before this process.</summary>
    public TimeSpan? DeclaredAt { get; init; }

    /// <summary>Since when it is unhealthy, as far as this process knows; null while it is not.</summary>
    public TimeSpan? DeadSince { get; init; }

    /// <summary>True when the verdict rests on EC2's or an operator's word.</summary>
    public bool Decided { get; init; }

    /// <summary>Its deaths within the memory of flapping.</summary>
    public ImmutableList<TimeSpan> Deaths { get; init; } = [];

    /// <summary>While unhealthy: since when nothing speaks against it.</summary>
    public TimeSpan? WellSince { get; init; }

    /// <summary>When it last recovered.</summary>
    public TimeSpan? RecoveredAt { get; init; }

    /// <summary>Since when there is evidence enough that waits only for the verdict of others; null for none.</summary>
    public TimeSpan? ConfirmedSince { get; init; }

    /// <summary>Its addresses are being moved away.</summary>
    public bool Draining { get; init; }

    /// <summary>Somebody asked for it, not EC2.</summary>
    public bool DrainAsked { get; init; }

    /// <summary>When it last began to drain, or ceased to, by a word that was heard here; null when the Allocator's books said so.</summary>
    public TimeSpan? DrainTurnedAt { get; init; }

    /// <summary>The notices of EC2's that it was drained for.</summary>
    public ImmutableHashSet<string> Notices { get; init; } = [];
}
