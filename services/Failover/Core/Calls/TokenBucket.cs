namespace Vprox.Failover.Core.Calls;

/// <summary>A token bucket as EC2 keeps one per API action, account and region. Times are since the start of this process.</summary>
/// <param name="Burst">Tokens it holds at most, and starts with.</param>
/// <param name="RefillPerSecond">Tokens it regains.</param>
/// <param name="Tokens">Tokens it held at <paramref name="At"/>.</param>
/// <param name="At">When it was last used.</param>
public sealed record TokenBucket(double Burst, double RefillPerSecond, double Tokens, TimeSpan At)
{
    /// <summary>A full bucket.</summary>
    public static TokenBucket Full(double burst, double refillPerSecond) => new(burst, refillPerSecond, burst, TimeSpan.Zero);

    /// <summary>The bucket after a call, or null when the call must wait.</summary>
    public TokenBucket? Take(TimeSpan now)
    {
        var refilled = RefilledAt(now);
        return refilled.Tokens >= 1 ? refilled with { Tokens = refilled.Tokens - 1 } : null;
    }

    /// <summary>EC2 says that the bucket is empty, whatever was counted here: others of the account draw on it too.</summary>
    public TokenBucket Emptied(TimeSpan now) => RefilledAt(now) with { Tokens = 0 };

    private TokenBucket RefilledAt(TimeSpan now) =>
        now <= At ? this : this with { Tokens = Math.Min(Burst, Tokens + ((now - At).TotalSeconds * RefillPerSecond)), At = now };
}
