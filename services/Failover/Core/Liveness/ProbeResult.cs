namespace Vprox.Failover.Core.Liveness;

/// <summary>A probe of a node.</summary>
/// <param name="Outcome">What it came to.</param>
/// <param name="Began">When it was begun, since the start of this process.</param>
public sealed record ProbeResult(ProbeOutcome Outcome, TimeSpan Began);
