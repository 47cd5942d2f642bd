namespace Vprox.Failover.Core.Liveness;

/// <summary>A worker that has lost all its addresses on a node.</summary>
/// <param name="WorkerId">The worker.</param>
/// <param name="Addresses">How many it lost.</param>
/// <param name="Since">Since when all of them.</param>
/// <param name="Sound">It reaches other nodes, so its own uplink works.</param>
public sealed record Witness(string WorkerId, int Addresses, TimeSpan Since, bool Sound);
