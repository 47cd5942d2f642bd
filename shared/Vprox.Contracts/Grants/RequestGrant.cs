namespace Vprox.Contracts;

/// <summary>A worker asks for the right to connect a tunnel. WorkerAgent → Allocator, exchange <c>vprox.request-grant</c>; answered by
/// <see cref="GrantIssued"/> or <see cref="GrantRefused"/>.</summary>
public sealed record RequestGrant
{
    /// <summary>The proxy to connect to.</summary>
    public required string ProxyId { get; init; }

    /// <summary>When given, the proxy must belong to it.</summary>
    public string? WorkspaceId { get; init; }

    /// <summary>The worker.</summary>
    public required string WorkerId { get; init; }

    /// <summary>The tunnel's WireGuard public key (base64). A key keeps its inner addresses for as long as it is known.</summary>
    public required string PeerPublicKey { get; init; }

    /// <summary>The static address wanted; null lets the Allocator choose the proxy's least used one.</summary>
    public string? Address { get; init; }

    /// <summary>Port blocks wanted in all, 1 to as many as an address has (156 of 256 ports); fewer are granted when fewer are free. Null means the
    /// Allocator's default for a new tunnel, and what it has for a known one.</summary>
    public int? Blocks { get; init; }

    /// <summary>Inner addresses whose blocks the tunnel gives back: no connection uses them any more, and it will use none before it is granted it
    /// anew. Those that are not its own are passed over; the last one stays.</summary>
    public IReadOnlyList<string> ReturnedInnerAddresses { get; init; } = [];
}
