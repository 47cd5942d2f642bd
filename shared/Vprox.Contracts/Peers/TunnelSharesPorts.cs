namespace Vprox.Contracts;

/// <summary>
/// A new tunnel found no port block free and shares what is left of the address's ports with others: its connections do not survive a move of the
/// address. Allocator → operators, exchange <c>vprox.tunnel-shares-ports</c>.
/// </summary>
public sealed record TunnelSharesPorts
{
    /// <summary>The static address.</summary>
    public required string Address { get; init; }

    /// <summary>The proxy it belongs to.</summary>
    public required string ProxyId { get; init; }

    /// <summary>The owner of the proxy.</summary>
    public required string WorkspaceId { get; init; }

    /// <summary>The worker whose tunnel it is.</summary>
    public required string WorkerId { get; init; }

    /// <summary>The tunnel's WireGuard public key (base64).</summary>
    public required string PublicKey { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset At { get; init; }
}
