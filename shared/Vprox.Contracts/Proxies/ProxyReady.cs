namespace Vprox.Contracts;

/// <summary>Every address of the proxy answers on its node. Allocator → scheduler, exchange <c>vprox.proxy-ready</c>.</summary>
public sealed record ProxyReady
{
    /// <summary>The id of the request.</summary>
    public required string ProxyId { get; init; }

    /// <summary>The owner.</summary>
    public required string WorkspaceId { get; init; }

    /// <summary>Where the addresses are.</summary>
    public required string Region { get; init; }

    /// <summary>1..5 addresses, in a stable order.</summary>
    public required IReadOnlyList<ProxyAddress> Addresses { get; init; }
}

/// <summary>One static address as its owner sees it.</summary>
public sealed record ProxyAddress
{
    /// <summary>The public IPv4 address to put on an allowlist.</summary>
    public required string Address { get; init; }

    /// <summary>Where workers connect: <c>https://ADDRESS</c>.</summary>
    public required string Endpoint { get; init; }
}
