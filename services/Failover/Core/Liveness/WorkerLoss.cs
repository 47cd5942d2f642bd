namespace Vprox.Failover.Core.Liveness;

/// <summary>What a worker last said about its tunnel to a static address.</summary>
/// <param name="Lost">False: it carries again.</param>
/// <param name="At">When, by the worker's clock; what it said earlier is ignored.</param>
/// <param name="Since">When we first heard of this loss.</param>
/// <param name="Renewed">When we last heard of it.</param>
/// <param name="NodeId">
/// The node that was accountable for the address at first; null when none was. A loss that outlives a move speaks against no further node: else one worker with a broken
/// tunnel would bring down the fleet one by one.
/// </param>
public sealed record WorkerLoss(bool Lost, DateTimeOffset At, TimeSpan Since, TimeSpan Renewed, string? NodeId);
