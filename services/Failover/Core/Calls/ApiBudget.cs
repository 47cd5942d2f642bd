using System.Collections.Immutable;

namespace Vprox.Failover.Core.Calls;

/// <summary>What may still be asked of EC2's API, per action.</summary>
/// <param name="Buckets">By action.</param>
public sealed record ApiBudget(ImmutableSortedDictionary<string, TokenBucket> Buckets)
{
    // EC2 API reference, "Request throttling for the Amazon EC2 API": bucket maximum capacity and refill rate per second.
    private static readonly (string Action, double Burst, double RefillPerSecond)[] Limits =
    [
        (ApiAction.Assign, 100, 5), (ApiAction.Unassign, 100, 5), (ApiAction.Associate, 50, 5), (ApiAction.Disassociate, 50, 5),
        (ApiAction.DescribeAddresses, 100, 20), (ApiAction.DescribeNetworkInterfaces, 100, 20), (ApiAction.DescribeInstances, 100, 20),
        (ApiAction.DescribeInstanceStatus, 100, 20), (ApiAction.RunInstances, 5, 2),
    ];

    /// <summary>Full buckets.</summary>
    /// <param name="share">The part of the account's budget that is Failover's, more than 0 and at most 1.</param>
    public static ApiBudget Full(double share) => new(Limits.ToImmutableSortedDictionary(
        limit => limit.Action,
        limit => TokenBucket.Full(Math.Max(1, Math.Floor(limit.Burst * share)), limit.RefillPerSecond * share),
        StringComparer.Ordinal));

    /// <summary>The budget after a call, or null when the call must wait for a token.</summary>
    public ApiBudget? Take(string action, TimeSpan now) =>
        Buckets[action].Take(now) is { } taken ? new ApiBudget(Buckets.SetItem(action, taken)) : null;

    /// <summary>EC2 has throttled a call of this action.</summary>
    public ApiBudget Throttled(string action, TimeSpan now) => new(Buckets.SetItem(action, Buckets[action].Emptied(now)));
}
