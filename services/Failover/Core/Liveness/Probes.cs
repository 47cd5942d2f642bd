using System.Collections.Immutable;

namespace Vprox.Failover.Core.Liveness;

/// <summary>
/// The newest probes of a node, in the order they were begun, whatever order they ended in: one that answered between two that failed
/// counts as between them, also when it comes last.
/// </summary>
/// <param name="Newest">At most <see cref="Kept"/>.</param>
/// <param name="RunSince">When the run of equal outcomes at the end was begun, also beyond what is kept.</param>
public sealed record Probes(ImmutableList<ProbeResult> Newest, TimeSpan RunSince)
{
    private const int Kept = 8;

    /// <summary>None yet.</summary>
    public static Probes None { get; } = new([], TimeSpan.Zero);

    /// <summary>When the last one that was refused began, also beyond what is kept; null when none was.</summary>
    public TimeSpan? LastRefused { get; private init; }

    /// <summary>The one begun last.</summary>
    public ProbeResult? Latest => Newest.Count == 0 ? null : Newest[^1];

    /// <summary>Takes a probe that has ended.</summary>
    public Probes Add(ProbeResult probe)
    {
        if (Newest.Contains(probe)) return this;
        var at = Newest.Count;
        while (at > 0 && Newest[at - 1].Began > probe.Began) at--;
        var all = Newest.Insert(at, probe);
        var extends = at == Newest.Count && Latest?.Outcome == probe.Outcome;
        var run = all.Reverse().TakeWhile(each => each.Outcome == all[^1].Outcome).Last().Began;
        return new(all.Count > Kept ? all.RemoveAt(0) : all, extends ? RunSince : run)
        {
            LastRefused = probe.Outcome == ProbeOutcome.Refused && !(LastRefused > probe.Began) ? probe.Began : LastRefused,
        };
    }

    /// <summary>How many probes at the end, all begun later than that, came to the same, and since when.</summary>
    public (ProbeOutcome Outcome, int Count, TimeSpan Since)? RunAfter(TimeSpan moment)
    {
        if (Latest is not { } latest || latest.Began <= moment) return null;
        var run = Newest.Reverse().TakeWhile(each => each.Began > moment && each.Outcome == latest.Outcome).ToList();
        // A run that had begun before is counted from then on, for only the last few are kept.
        return (latest.Outcome, run.Count, RunSince > moment ? RunSince : moment);
    }
}
