using System.Collections.Immutable;

namespace Vprox.Lab.Cloud.State;

/// <summary>An EC2 instance.</summary>
public sealed record Instance
{
    public required string Id { get; init; }

    public required string AvailabilityZone { get; init; }

    public string InstanceType { get; init; } = "c7gn.8xlarge";

    public InstanceState State { get; init; } = InstanceState.Running;

    /// <summary>Where a pending, stopping or shutting-down instance goes next, and when; null while nothing is under way.</summary>
    public Transition? Next { get; init; }

    /// <summary>Since when the system status check fails; null while it passes.</summary>
    public DateTimeOffset? ImpairedSince { get; init; }

    /// <summary>Maintenance EC2 has scheduled.</summary>
    public ImmutableList<ScheduledEvent> Events { get; init; } = [];

    /// <summary>A spot interruption that was announced; null for none.</summary>
    public SpotInterruption? Interruption { get; init; }

    /// <summary>When EC2 recommended to rebalance; null when it did not.</summary>
    public DateTimeOffset? RebalanceRecommendedAt { get; init; }

    /// <summary>The ClientToken of the RunInstances that made it; null for none.</summary>
    public string? ClientToken { get; init; }

    public ImmutableSortedDictionary<string, string> Tags { get; init; } = ImmutableSortedDictionary<string, string>.Empty;
}

/// <summary>A change of state that will happen by itself.</summary>
public sealed record Transition(InstanceState To, DateTimeOffset At);

/// <summary>A scheduled event, e.g. instance-stop.</summary>
public sealed record ScheduledEvent(string Id, string Code, DateTimeOffset NotBefore);

/// <summary>What spot/instance-action of IMDS says: terminate, stop or hibernate, and when.</summary>
public sealed record SpotInterruption(string Action, DateTimeOffset At);
