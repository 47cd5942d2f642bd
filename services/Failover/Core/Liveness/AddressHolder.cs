namespace Vprox.Failover.Core.Liveness;

/// <summary>The node a static address is placed on.</summary>
/// <param name="NodeId">The node.</param>
/// <param name="AccountableFrom">
/// From when on a worker's loss of the address speaks against the node. While EC2 still moves the address, or the API is down, the new
/// node can't help it.
/// </param>
public sealed record AddressHolder(string NodeId, TimeSpan AccountableFrom);
