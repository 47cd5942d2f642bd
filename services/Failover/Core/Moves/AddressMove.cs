using System.Collections.Immutable;

namespace Vprox.Failover.Core.Moves;

/// <summary>How far EC2 has come with one generation of one static address. Times are since the start of this process.</summary>
/// <param name="Address">The public address.</param>
/// <param name="Generation">The placement or release that is carried out.</param>
/// <param name="Since">When it became known.</param>
public sealed record AddressMove(string Address, long Generation, TimeSpan Since)
{
    /// <summary>Where it shall be; null when it is released and shall be nowhere.</summary>
    public DesiredAddress? Desired { get; init; }

    /// <summary>The Elastic IP; null while only the public address of a release is known.</summary>
    public string? AllocationId { get; init; }

    /// <summary>A message said so just now: its arrival is told, even if EC2 has it there already.</summary>
    public bool IsNews { get; init; }

    /// <summary>The node it was on by EC2's word when the first call for it went out.</summary>
    public string? FromNodeId { get; init; }

    /// <summary>When the first call for it went out; null while none has.</summary>
    public TimeSpan? Begun { get; init; }

    /// <summary>When the present step was first tried.</summary>
    public TimeSpan? StepBegun { get; init; }

    /// <summary>When EC2 last took a call for it: what Describe showed before then, or soon after, may be stale.</summary>
    public TimeSpan? WrittenAt { get; init; }

    /// <summary>Calls under way.</summary>
    public int Outstanding { get; init; }

    /// <summary>Refusals in a row.</summary>
    public int Failures { get; init; }

    /// <summary>No call for it before then.</summary>
    public TimeSpan NotBefore { get; init; }

    /// <summary>
    /// Addresses of one ENI travel in one call when their lots are equal. A list that EC2 refuses as a whole is halved into two lots, so
    /// that one bad address is found in a few calls.
    /// </summary>
    public string Lot { get; init; } = "";

    /// <summary>It waited for its target to be prepared.</summary>
    public bool Waited { get; init; }

    /// <summary>Its arrival was told.</summary>
    public bool Told { get; init; }

    /// <summary>EC2's Describe has shown it where it shall be.</summary>
    public bool Settled { get; init; }

    /// <summary>How long its steps took, under the names that IpReassigned has for them.</summary>
    public ImmutableSortedDictionary<string, double> StepsMs { get; init; } =
        ImmutableSortedDictionary<string, double>.Empty.WithComparers(StringComparer.Ordinal);

    /// <summary>With the time a step took.</summary>
    public AddressMove Took(string step, TimeSpan duration) =>
        this with { StepsMs = StepsMs.SetItem(step, Math.Round(duration.TotalMilliseconds, 1)) };
}
