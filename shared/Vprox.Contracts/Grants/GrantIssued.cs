namespace Vprox.Contracts;

/// <summary>A grant: the token that any node that holds the address honours, and what the worker needs to use it. Allocator → WorkerAgent.</summary>
public sealed record GrantIssued
{
    /// <summary>The bearer token: a JWT signed with ES256. Secret: never logged.</summary>
    public required string Token { get; init; }

    /// <summary>The static address to connect to.</summary>
    public required string Address { get; init; }

    /// <summary>The workspace that owns the proxy.</summary>
    public required string WorkspaceId { get; init; }

    /// <summary>The static address's WireGuard public key (base64), the same on every node.</summary>
    public required string ServerPublicKey { get; init; }

    /// <summary>Its UDP port.</summary>
    public required int ListenPort { get; init; }

    /// <summary>SHA-256 over the SubjectPublicKeyInfo of its TLS key (base64), as in RFC 7469.</summary>
    public required string TlsPin { get; init; }

    /// <summary>The address's inner /22.</summary>
    public required string InnerSubnet { get; init; }

    /// <summary>The tunnel's inner addresses.</summary>
    public required IReadOnlyList<string> InnerAddresses { get; init; }

    /// <summary>The tunnel's port blocks, "1024-1279"; empty when none was free and it shares the rest. Block i belongs to inner address i.</summary>
    public required IReadOnlyList<string> PortBlocks { get; init; }

    /// <summary>When the token ends; ask again at half of its life.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }
}
