namespace Vprox.Failover.Core.Liveness;

/// <summary>What a node says of itself. Times count from the start of this process, so that no change of a clock kills a node.</summary>
/// <param name="LastHeard">The last heartbeat; for a node never heard, when we began to listen for it.</param>
/// <param name="Sequence">The number of the last one; 0 for none.</param>
/// <param name="StartedAt">Which process of the agent sent it.</param>
/// <param name="Trouble">What the node finds wrong with its data plane; null when nothing is.</param>
/// <param name="TroubleSince">Since when.</param>
public sealed record Heartbeats(TimeSpan LastHeard, long Sequence, DateTimeOffset StartedAt, string? Trouble, TimeSpan TroubleSince)
{
    // A heartbeat lives for a second in the broker: what comes later from another process than the last one's is no straggler, even if
    // its clock says that it started earlier.
    private static readonly TimeSpan Straggles = TimeSpan.FromSeconds(2);

    /// <summary>Nothing was heard yet.</summary>
    public static Heartbeats NoneSince(TimeSpan now) => new(now, 0, DateTimeOffset.MinValue, null, TimeSpan.Zero);

    /// <summary>Whether it was heard at all.</summary>
    public bool Any => Sequence > 0;

    /// <summary>How long it has been silent.</summary>
    public TimeSpan Silence(TimeSpan now) => now > LastHeard ? now - LastHeard : TimeSpan.Zero;

    /// <summary>For how long it has been in trouble; zero without any.</summary>
    public TimeSpan TroubleFor(TimeSpan now) => Trouble is null ? TimeSpan.Zero : now - TroubleSince;

    /// <summary>Takes a heartbeat, unless it is an old or doubled one.</summary>
    public Heartbeats Hear(Observation.Heartbeat beat, TimeSpan now)
    {
        var older = beat.StartedAt == StartedAt ? beat.Sequence <= Sequence : beat.StartedAt < StartedAt && Silence(now) < Straggles;
        if (older) return this;
        var since = now - beat.TroubleFor;
        return new(
            now > LastHeard ? now : LastHeard, beat.Sequence, beat.StartedAt, beat.Trouble,
            beat.Trouble is not null && Trouble is not null && TroubleSince < since ? TroubleSince : since);
    }

    /// <summary>Takes a pause of our own out of the silence.</summary>
    public Heartbeats Forgive(TimeSpan pause) => this with { LastHeard = LastHeard + pause };
}
