namespace Vprox.Lab.Cloud;

/// <summary>How the cloud misbehaves; a test changes it while everything runs.</summary>
public sealed record CloudSettings
{
    /// <summary>Until IMDS and the data path follow a change. 0.4-0.75 s is what EC2 shows for a private address.</summary>
    public int EffectDelayMs { get; init; } = 500;

    /// <summary>How old Describe* answers are.</summary>
    public int DescribeLagMs { get; init; }

    /// <summary>How long every EC2 answer takes.</summary>
    public int AnswerDelayMs { get; init; } = 20;

    /// <summary>False takes the token buckets away.</summary>
    public bool Throttling { get; init; } = true;

    /// <summary>True makes every EC2 call answer 503, as in an outage of the API.</summary>
    public bool ApiDown { get; init; }

    /// <summary>False makes IMDS answer 403, as an instance with metadata switched off.</summary>
    public bool Metadata { get; init; } = true;

    public TimeSpan EffectDelay => TimeSpan.FromMilliseconds(EffectDelayMs);

    public TimeSpan DescribeLag => TimeSpan.FromMilliseconds(DescribeLagMs);

    public TimeSpan AnswerDelay => TimeSpan.FromMilliseconds(AnswerDelayMs);
}
