namespace Vprox.Contracts;

/// <summary>A worker's tunnel left a node. NodeAgent → Allocator, exchange <c>vprox.peer-removed</c>.</summary>
public sealed record PeerRemoved
{
    /// <summary>The static address.</summary>
    public required string Address { get; init; }

    /// <summary>The node that served it.</summary>
    public required string NodeId { get; init; }

    /// <summary>The tunnel's WireGuard public key (base64).</summary>
    public required string PublicKey { get; init; }

    /// <summary>"idle", "disconnected", "expired" or "address-left".</summary>
    public required string Reason { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset At { get; init; }
}
