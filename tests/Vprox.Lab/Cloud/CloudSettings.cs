using Vprox.Lab.Cloud.Faults;

namespace Vprox.Lab.Cloud;

/// <summary>How the cloud misbehaves; a test changes it while everything runs.</summary>
public sealed record CloudSettings
{
    /// <summary>Until IMDS and the data path follow a change. 0.4-0.75 s is what EC2 shows for a private address.</summary>
    public int EffectDelayMs { get; init; } = 500;

    /// <summary>How old Describe* answers are.</summary>
    public int DescribeLagMs { get; init; }

    /// <summary>The moment as of which Describe* answers for ever, whatever happens; null for the truth (with its lag).</summary>
    public DateTimeOffset? DescribeAsOf { get; init; }

    /// <summary>How long every EC2 call takes until it is done.</summary>
    public int AnswerDelayMs { get; init; } = 20;

    /// <summary>Actions that take longer; "*" stands for those that are not named.</summary>
    public IReadOnlyDictionary<string, Slowness> Slow { get; init; } = new Dictionary<string, Slowness>();

    /// <summary>False takes the token buckets away.</summary>
    public bool Throttling { get; init; } = true;

    /// <summary>True makes every EC2 call answer 503, as in an outage of the API.</summary>
    public bool ApiDown { get; init; }

    /// <summary>False makes IMDS answer 403, as an instance with metadata switched off.</summary>
    public bool Metadata { get; init; } = true;

    /// <summary>How IMDS misbehaves, by instance id; "*" stands for those that are not named.</summary>
    public IReadOnlyDictionary<string, MetadataFault> MetadataFaults { get; init; } = new Dictionary<string, MetadataFault>();

    /// <summary>True delivers every event twice, as SQS may.</summary>
    public bool DuplicateEvents { get; init; }

    public TimeSpan EffectDelay => TimeSpan.FromMilliseconds(EffectDelayMs);

    public TimeSpan DescribeLag => TimeSpan.FromMilliseconds(DescribeLagMs);

    /// <summary>Between an action's arrival and its being done.</summary>
    public TimeSpan BeforeDone(string action) => TimeSpan.FromMilliseconds(AnswerDelayMs + SlownessOf(action).BeforeMs);

    /// <summary>Between its being done and the answer.</summary>
    public TimeSpan BeforeAnswer(string action) => TimeSpan.FromMilliseconds(SlownessOf(action).AfterMs);

    public MetadataFault MetadataFaultOf(string instanceId) =>
        MetadataFaults.GetValueOrDefault(instanceId) ?? MetadataFaults.GetValueOrDefault("*") ?? new MetadataFault();

    private Slowness SlownessOf(string action) => Slow.GetValueOrDefault(action) ?? Slow.GetValueOrDefault("*") ?? new Slowness();
}
