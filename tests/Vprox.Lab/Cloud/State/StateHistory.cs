using System.Collections.Immutable;

namespace Vprox.Lab.Cloud.State;

/// <summary>What EC2's state was when. Answers lag by reading an older entry.</summary>
public sealed record StateHistory
{
    /// <summary>Longer than any delay a test sets.</summary>
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(10);

    private readonly ImmutableList<(DateTimeOffset At, Ec2State State)> _entries;

    private StateHistory(ImmutableList<(DateTimeOffset, Ec2State)> entries) => _entries = entries;

    public static StateHistory StartingWith(Ec2State state) => new([(DateTimeOffset.MinValue, state)]);

    public Ec2State Current => _entries[^1].State;

    public StateHistory Then(Ec2State state, DateTimeOffset now)
    {
        var first = _entries.FindLastIndex(entry => entry.At <= Before(now, Kept));
        return new((first > 0 ? _entries.RemoveRange(0, first) : _entries).Add((now, state)));
    }

    /// <summary>The state as it was, not older than what is kept.</summary>
    public Ec2State AsOf(DateTimeOffset time) => (_entries.FindLast(entry => entry.At <= time) is { State: { } state } ? state : _entries[0].State);

    /// <summary>The first change after a moment, or null.</summary>
    public DateTimeOffset? NextAfter(DateTimeOffset time)
    {
        var next = _entries.FindIndex(entry => entry.At > time);
        return next < 0 ? null : _entries[next].At;
    }

    /// <summary>now - span, without running out of the calendar.</summary>
    public static DateTimeOffset Before(DateTimeOffset now, TimeSpan span) =>
        now - DateTimeOffset.MinValue > span ? now - span : DateTimeOffset.MinValue;
}
