namespace Vprox.Lab.Cloud.State;

/// <summary>EC2 throttles each API with a token bucket per account and region (EC2 API reference, request throttling).</summary>
/// <param name="Burst">Tokens it holds at most, and starts with.</param>
/// <param name="RefillPerSecond">Tokens it regains.</param>
public sealed record TokenBucket(int Burst, int RefillPerSecond)
{
    private double Tokens { get; init; } = Burst;

    private DateTimeOffset? At { get; init; }

    /// <summary>The bucket after a request, and whether the request may pass.</summary>
    public (TokenBucket Bucket, bool Passed) Take(DateTimeOffset now)
    {
        var regained = At is { } at && now > at ? (now - at).TotalSeconds * RefillPerSecond : 0;
        var tokens = Math.Min(Burst, Tokens + regained);
        var passed = tokens >= 1;
        return (this with { Tokens = passed ? tokens - 1 : tokens, At = now }, passed);
    }
}
