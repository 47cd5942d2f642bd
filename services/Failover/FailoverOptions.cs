using Vprox.Bus.Hosting;
using Vprox.Failover.Core.Liveness;

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

    /// <summary>How long a probe waits for the answer to its SYN.</summary>
    public TimeSpan ProbeTimeout { get; set; } = TimeSpan.FromMilliseconds(300);

    /// <summary>How long a probe waits for TLS and HTTP to answer, its connecting included.</summary>
    public TimeSpan ProbeAnswerTimeout { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>A silent node that takes connections and answers nothing for this long is dead, without any worker's complaint.</summary>
    public TimeSpan HungAfter { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>A silent node that refuses connections is alive without its agent; after this long its addresses go elsewhere.</summary>
    public TimeSpan AgentGrace { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Trouble that the node tells of itself, or that workers have with it, must last this long.</summary>
    public TimeSpan GreyAfter { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>A worker's word that it lost a tunnel ends after this long, unless it is said again.</summary>
    public TimeSpan WorkerReportLife { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// An unhealthy node that is well for this long has recovered; twice as long for each further time it was unhealthy within an hour,
    /// 10 minutes at most.
    /// </summary>
    public TimeSpan RecoverAfter { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Between two questions to EC2 what all instances do.</summary>
    public TimeSpan InstanceSweepInterval { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>When more than this share of at least 4 nodes falls silent at once, no verdict is given: the fault is likelier ours.</summary>
    public double HoldAbove { get; set; } = 0.3;

    /// <summary>Between two comparisons of all placements with EC2.</summary>
    public TimeSpan ReconcileInterval { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long one EC2 call may take before it counts as unanswered and is made again.</summary>
    public TimeSpan Ec2Timeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>An EC2 call that takes longer than this is made a second time beside the first; whichever is answered first counts.</summary>
    public TimeSpan HedgeAfter { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a move waits until EC2's Describe calls show it, before it is planned again.</summary>
    public TimeSpan ConfirmTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long a move from a living node waits for its target to be prepared. Waiting costs nothing while the old node serves, and a spot instance
    /// lives for two minutes from its notice; a target that takes many addresses at once in userspace WireGuard needs 15 s.
    /// </summary>
    public TimeSpan PrepareTimeout { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>The part of the account's API budget that Failover may use; the rest is others'.</summary>
    public double ApiShare { get; set; } = 0.9;

    /// <summary>Between two sweeps over EC2 for addresses that are where nobody placed them; at most 10 s.</summary>
    public TimeSpan DriftInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The launch template that nodes which are gone for good are replaced from; null replaces none.</summary>
    public string? LaunchTemplateId { get; set; }

    /// <summary>Its version, e.g. 3 or $Latest; null is its default version.</summary>
    public string? LaunchTemplateVersion { get; set; }

    /// <summary>How long a node must be unhealthy before it is replaced, when EC2 does not say that it is gone.</summary>
    public TimeSpan ReplaceAfter { get; set; } = TimeSpan.FromMinutes(10);

    /// <inheritdoc/>
    public IEnumerable<string> Errors()
    {
        if (string.IsNullOrWhiteSpace(Region)) yield return "Region: is required, e.g. us-east-1";
        if (Ec2ServiceUrl is not null && !IsHttp(Ec2ServiceUrl)) yield return $"Ec2ServiceUrl: '{Ec2ServiceUrl}' is not an http or https URL";
        if (SqsQueueUrl is not null && !IsHttp(SqsQueueUrl)) yield return $"SqsQueueUrl: '{SqsQueueUrl}' is not an http or https URL";
        if (SuspectAfter < TimeSpan.FromMilliseconds(100)) yield return $"SuspectAfter: {SuspectAfter} is less than 00:00:00.1";
        if (HungAfter <= SuspectAfter) yield return $"HungAfter: {HungAfter} is not more than SuspectAfter, {SuspectAfter}";
        if (ProbeAnswerTimeout < ProbeTimeout) yield return $"ProbeAnswerTimeout: {ProbeAnswerTimeout} is less than ProbeTimeout, {ProbeTimeout}";
        if (HoldAbove is not (> 0 and <= 1)) yield return $"HoldAbove: {HoldAbove} is not more than 0 and at most 1";
        if (ApiShare is not (> 0 and <= 1)) yield return $"ApiShare: {ApiShare} is not more than 0 and at most 1";
        if (DriftInterval > TimeSpan.FromSeconds(10)) yield return $"DriftInterval: {DriftInterval} is more than 00:00:10";
        if (LaunchTemplateVersion is not null && LaunchTemplateId is null) yield return "LaunchTemplateVersion: means nothing without LaunchTemplateId";
        if (ReplaceAfter < TimeSpan.FromSeconds(1) || ReplaceAfter > TimeSpan.FromDays(7)) yield return $"ReplaceAfter: {ReplaceAfter} is not within 00:00:01 and 7 days";
        foreach (var (name, time) in new[]
        {
            (nameof(ProbeTimeout), ProbeTimeout), (nameof(ProbeAnswerTimeout), ProbeAnswerTimeout), (nameof(AgentGrace), AgentGrace),
            (nameof(GreyAfter), GreyAfter), (nameof(WorkerReportLife), WorkerReportLife), (nameof(InstanceSweepInterval), InstanceSweepInterval),
            (nameof(RecoverAfter), RecoverAfter), (nameof(ReconcileInterval), ReconcileInterval),
            (nameof(Ec2Timeout), Ec2Timeout), (nameof(ConfirmTimeout), ConfirmTimeout),
            (nameof(HedgeAfter), HedgeAfter), (nameof(PrepareTimeout), PrepareTimeout), (nameof(DriftInterval), DriftInterval),
        })
        {
            if (time < TimeSpan.FromMilliseconds(100) || time > TimeSpan.FromHours(1))
                yield return $"{name}: {time} is not within 00:00:00.1 and 01:00:00";
        }
    }

    /// <summary>How much evidence is enough, as the options have it.</summary>
    public LivenessPolicy ToPolicy() => new()
    {
        SuspectAfter = SuspectAfter,
        HungAfter = HungAfter,
        AgentGrace = AgentGrace,
        GreyAfter = GreyAfter,
        ReportLife = WorkerReportLife,
        RecoverAfter = RecoverAfter,
        HoldAbove = HoldAbove,
    };

    private static bool IsHttp(string url) => Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme is ("http" or "https");
}
