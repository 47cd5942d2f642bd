namespace Vprox.Failover.Core.Liveness;

/// <summary>What silence means.</summary>
public sealed record LivenessPolicy
{
    /// <summary>Silence after which a node is suspected.</summary>
    public TimeSpan SuspectAfter { get; init; } = TimeSpan.FromMilliseconds(750);

    /// <summary>Silence after which a node is unhealthy.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How long an unhealthy node must be heard without a gap of <see cref="SuspectAfter"/>.</summary>
    public TimeSpan RecoverAfter { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>The share of the nodes that may be lost at once.</summary>
    public double HoldAbove { get; init; } = 0.3;

    /// <summary>The least number of nodes for <see cref="HoldAbove"/> to mean anything.</summary>
    public int HoldFrom { get; init; } = 4;

    /// <summary>Verdicts this close together count as at once.</summary>
    public TimeSpan AtOnce { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// A longer pause between two ticks was ours (a stopped process, a bus that was away): it is no silence of the nodes.
    /// </summary>
    public TimeSpan OwnPause { get; init; } = TimeSpan.FromSeconds(1);
}
