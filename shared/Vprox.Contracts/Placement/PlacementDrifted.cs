namespace Vprox.Contracts;

/// <summary>
/// EC2 shows something else than the Allocator placed, and no move of ours explains it. Failover → operators, exchange
/// <c>vprox.placement-drifted</c>.
/// </summary>
public sealed record PlacementDrifted
{
    /// <summary>The public address; null when it is a private address that nothing of ours names.</summary>
    public string? Address { get; init; }

    /// <summary>What was found, one sentence, e.g. "192.0.2.10 is on eni-2, placed on eni-1 with generation 4".</summary>
    public required string Found { get; init; }

    /// <summary>True when it is being put right; false when a person has to decide.</summary>
    public required bool Repaired { get; init; }

    /// <summary>When it was found.</summary>
    public required DateTimeOffset At { get; init; }
}
