namespace Vprox.Failover.Core.Drift;

/// <summary>EC2 shows something that no move of ours explains.</summary>
/// <param name="Address">The public address; null when it is a private address that nothing of ours names.</param>
/// <param name="Found">What was found, one sentence.</param>
/// <param name="Repaired">True when it is moved back; false when a person has to decide.</param>
public sealed record DriftFinding(string? Address, string Found, bool Repaired);
