namespace Vprox.Contracts;

/// <summary>What IMDS shows on a node changed. NodeAgent → Failover, Allocator, exchange <c>vprox.node-addresses-changed</c>.</summary>
public sealed record NodeAddressesChanged
{
    /// <summary>The node.</summary>
    public required string NodeId { get; init; }

    /// <summary>All its ENIs now.</summary>
    public required IReadOnlyList<NodeNetworkInterface> NetworkInterfaces { get; init; }
}
