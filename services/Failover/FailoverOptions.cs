using Vprox.Bus.Hosting;

namespace Vprox.Failover;

/// <summary>Section <c>Failover</c>.</summary>
public sealed class FailoverOptions : IValidatedOptions
{
    /// <summary>The cloud region whose nodes and addresses are looked after, e.g. us-east-1. Required.</summary>
    public string Region { get; set; } = "";

    /// <summary>Where EC2's API answers; null is AWS's own endpoint of the region.</summary>
    public string? Ec2ServiceUrl { get; set; }

    /// <summary>The queue that EventBridge feeds with EC2's events; null means none.</summary>
    public string? SqsQueueUrl { get; set; }

    /// <summary>A node that is silent for this long is suspected, and said so; 3 heartbeats by default.</summary>
    public TimeSpan SuspectAfter { get; set; } = TimeSpan.FromMilliseconds(750);

    /// <summary>A node that is silent for this long is unhealthy: its addresses go elsewhere.</summary>
    public TimeSpan HeartbeatTimeout { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>An unhealthy node that is heard for this long without a gap has recovered.</summary>
    public TimeSpan RecoverAfter { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>When more than this share of at least 4 nodes falls silent at once, no verdict is given: the fault is likelier ours.</summary>
    public double HoldAbove { get; set; } = 0.3;

    /// <summary>Between two comparisons of all placements with EC2.</summary>
    public TimeSpan ReconcileInterval { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long one EC2 call may take.</summary>
    public TimeSpan Ec2Timeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a move waits until EC2's Describe calls show it, before it is planned again.</summary>
    public TimeSpan ConfirmTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <inheritdoc/>
    public IEnumerable<string> Errors()
    {
        if (string.IsNullOrWhiteSpace(Region)) yield return "Region: is required, e.g. us-east-1";
        if (Ec2ServiceUrl is not null && !IsHttp(Ec2ServiceUrl)) yield return $"Ec2ServiceUrl: '{Ec2ServiceUrl}' is not an http or https URL";
        if (SqsQueueUrl is not null && !IsHttp(SqsQueueUrl)) yield return $"SqsQueueUrl: '{SqsQueueUrl}' is not an http or https URL";
        if (SuspectAfter < TimeSpan.FromMilliseconds(100)) yield return $"SuspectAfter: {SuspectAfter} is less than 00:00:00.1";
        if (HeartbeatTimeout <= SuspectAfter) yield return $"HeartbeatTimeout: {HeartbeatTimeout} is not more than SuspectAfter, {SuspectAfter}";
        if (HoldAbove is not (> 0 and <= 1)) yield return $"HoldAbove: {HoldAbove} is not more than 0 and at most 1";
        foreach (var (name, time) in new[]
        {
            (nameof(RecoverAfter), RecoverAfter), (nameof(ReconcileInterval), ReconcileInterval),
            (nameof(Ec2Timeout), Ec2Timeout), (nameof(ConfirmTimeout), ConfirmTimeout),
        })
        {
            if (time < TimeSpan.FromMilliseconds(100) || time > TimeSpan.FromHours(1))
                yield return $"{name}: {time} is not within 00:00:00.1 and 01:00:00";
        }
    }

    private static bool IsHttp(string url) => Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme is ("http" or "https");
}
