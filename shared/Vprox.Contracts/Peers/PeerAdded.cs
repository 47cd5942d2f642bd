namespace Vprox.Contracts;

/// <summary>A worker's tunnel was set up on a node. NodeAgent → Allocator, exchange <c>vprox.peer-added</c>.</summary>
public sealed record PeerAdded
{
    /// <summary>The static address.</summary>
    public required string Address { get; init; }

    /// <summary>The node that serves it.</summary>
    public required string NodeId { get; init; }

    /// <summary>The tunnel's WireGuard public key (base64).</summary>
    public required string PublicKey { get; init; }

    /// <summary>Its inner addresses.</summary>
    public required IReadOnlyList<string> InnerAddresses { get; init; }

    /// <summary>Where it was last seen, "address:port"; null before its first handshake.</summary>
    public string? Endpoint { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset At { get; init; }
}
