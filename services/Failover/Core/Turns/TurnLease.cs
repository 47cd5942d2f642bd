using System.Collections.Immutable;

namespace Vprox.Failover.Core.Turns;

/// <summary>
/// For how long a replica is the one that acts. Its own question came back to it, so at some moment after it was asked the broker held
/// this replica for the active one: the lease runs from the asking, which a process that was stopped meanwhile can't stretch.
/// </summary>
/// <param name="Asked">When each question that is still open was asked, by its number.</param>
/// <param name="HeldFrom">When the newest answered question was asked; null before the first answer.</param>
public sealed record TurnLease(ImmutableSortedDictionary<long, TimeSpan> Asked, TimeSpan? HeldFrom)
{
    /// <summary>
    /// Less than the 5 s after which the broker gives up a consumer whose host fell silent (the connection's heartbeat): the next replica
    /// is not active before this one has stopped.
    /// </summary>
    public static readonly TimeSpan Life = TimeSpan.FromSeconds(4);

    /// <summary>Nothing was asked; also after the connection to the broker was lost, whatever is still on its way.</summary>
    public static TurnLease None { get; } = new(ImmutableSortedDictionary<long, TimeSpan>.Empty, null);

    /// <summary>A question goes out.</summary>
    public TurnLease Ask(long number, TimeSpan now) =>
        this with { Asked = Asked.RemoveRange(Asked.Where(open => now - open.Value >= Life).Select(open => open.Key)).SetItem(number, now) };

    /// <summary>A question of this replica's own came back.</summary>
    public TurnLease Answer(long number) => Asked.TryGetValue(number, out var asked)
        ? new(Asked.Remove(number), HeldFrom is { } held && held > asked ? held : asked)
        : this;

    /// <summary>Whether the replica acts.</summary>
    public bool IsHeld(TimeSpan now) => HeldFrom is { } from && now - from < Life;
}
