namespace Vprox.Allocator.Adapters.Storage;

/// <summary>A worker's tunnel to a static address: the lease of its inner addresses, and where it was last seen.</summary>
public sealed class Tunnel
{
    public required string Address { get; init; }

    public required string PublicKey { get; init; }

    /// <summary>Who asked for its grant; empty when only a node has told of it.</summary>
    public required string WorkerId { get; set; }

    /// <summary>End of its last grant. Its inner addresses are given to nobody else before.</summary>
    public required DateTimeOffset LeasedUntil { get; set; }

    /// <summary>When its newest grant was issued; every later one is newer by a millisecond at least, whatever the clocks of replicas say.</summary>
    public DateTimeOffset? GrantedAt { get; set; }

    public TunnelState State { get; set; }

    /// <summary>The node that holds the peer; null unless connected.</summary>
    public string? NodeId { get; set; }

    public string? Endpoint { get; set; }

    /// <summary>When a node last said something of it; older news is late.</summary>
    public DateTimeOffset? ReportedAt { get; set; }

    public List<TunnelAddress> InnerAddresses { get; init; } = [];
}

public enum TunnelState
{
    /// <summary>A grant was given; no node has told of the peer.</summary>
    Granted,

    Connected,

    /// <summary>The node removed the peer; it may come back with its grant.</summary>
    Removed,
}
