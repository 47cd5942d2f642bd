namespace Vprox.NodeAgent.Core.Interruptions;

/// <summary>EC2 has said that this instance will end, or had better be left.</summary>
/// <param name="Key">The same for the same notice, however often it is read.</param>
/// <param name="Reason">For the log, e.g. "spot instance-action terminate at 2026-01-01T00:02:00Z".</param>
public sealed record InterruptionNotice(string Key, string Reason);
