namespace Vprox.Failover.Core.Moves;

/// <summary>
/// The moment in which placements that come as single messages are collected, so that one call per target ENI carries them all.
/// </summary>
/// <param name="First">When the first of them came.</param>
/// <param name="Last">When the last of them came.</param>
public sealed record Gathering(TimeSpan First, TimeSpan Last)
{
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(12);

    // More are sure to come as long as a dead node still has addresses: then a longer pause between two messages is waited for.
    private static readonly TimeSpan QuietWhileMoreCome = TimeSpan.FromMilliseconds(60);
    private static readonly TimeSpan AtMost = TimeSpan.FromMilliseconds(500);

    /// <summary>Another placement came.</summary>
    public static Gathering With(Gathering? before, TimeSpan now) => before is null ? new(now, now) : before with { Last = now };

    /// <summary>Whether it is time to call.</summary>
    /// <param name="now">Since the start of this process.</param>
    /// <param name="left">Addresses that are still placed on the dead nodes which the collected ones leave; null when no dead node is among them.</param>
    public bool IsOver(TimeSpan now, int? left) =>
        left == 0 || now - First >= AtMost || now - Last >= (left is null ? Quiet : QuietWhileMoreCome);
}
