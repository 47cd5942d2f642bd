namespace Vprox.Failover.Core.Liveness;

/// <summary>A node as its heartbeats show it. Times are since the start of this process, so that no clock change kills a node.</summary>
/// <param name="LastHeard">The last heartbeat.</param>
/// <param name="SteadySince">Since when it has been heard without a gap.</param>
/// <param name="Health">The verdict in force.</param>
/// <param name="DeclaredAt">When it was declared unhealthy.</param>
public sealed record ObservedNode(TimeSpan LastHeard, TimeSpan SteadySince, Health Health, TimeSpan? DeclaredAt = null);
