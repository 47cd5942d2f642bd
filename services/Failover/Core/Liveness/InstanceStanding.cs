namespace Vprox.Failover.Core.Liveness;

/// <summary>
/// What EC2 says of a node's instance, from its events and from Describe calls, which come in any order: the newest word of each kind
/// counts.
/// </summary>
/// <param name="Going">stopping, stopped, shutting-down or terminated, and when; null for never.</param>
/// <param name="Living">pending or running, and when; null for never.</param>
public sealed record InstanceStanding((string State, DateTimeOffset At)? Going, (string State, DateTimeOffset At)? Living)
{
    /// <summary>EC2 has said nothing.</summary>
    public static InstanceStanding Unknown { get; } = new(null, null);

    /// <summary>Takes EC2's word, in the API's spelling; what is no state of an instance is ignored.</summary>
    public InstanceStanding Take(string state, DateTimeOffset at) => state switch
    {
        "stopping" or "stopped" or "shutting-down" or "terminated" when Going is not { } going || at >= going.At => this with { Going = (state, at) },
        "pending" or "running" when Living is not { } living || at >= living.At => this with { Living = (state, at) },
        _ => this,
    };

    /// <summary>EC2's word that the instance serves nobody any more, or null.</summary>
    public string? Gone(LivenessPolicy policy) =>
        Going is not { } going || (Living is { } living && going.State != "terminated" && living.At >= going.At + policy.Ec2Settles) ? null : going.State;
}
