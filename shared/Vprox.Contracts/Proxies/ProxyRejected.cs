namespace Vprox.Contracts;

/// <summary>The proxy cannot be had; nothing was allocated. Allocator → scheduler, exchange <c>vprox.proxy-rejected</c>.</summary>
public sealed record ProxyRejected
{
    /// <summary>The id of the request, as it was sent.</summary>
    public required string ProxyId { get; init; }

    /// <summary>The owner, as it was sent.</summary>
    public required string WorkspaceId { get; init; }

    /// <summary>For programs: one of <see cref="ProxyRejectedCode"/>.</summary>
    public required string Code { get; init; }

    /// <summary>For people: one sentence that says what to do about it.</summary>
    public required string Reason { get; init; }
}

/// <summary>The codes of <see cref="ProxyRejected.Code"/>.</summary>
public static class ProxyRejectedCode
{
    /// <summary>A field is missing or out of range.</summary>
    public const string InvalidRequest = "invalid-request";

    /// <summary>No pool serves that region.</summary>
    public const string UnknownRegion = "unknown-region";

    /// <summary>The region's pool has fewer free addresses than asked for.</summary>
    public const string NoFreeAddress = "no-free-address";

    /// <summary>No node of the region can take an address now.</summary>
    public const string NoNode = "no-node";

    /// <summary>The proxy id belongs to another workspace.</summary>
    public const string ForeignProxy = "foreign-proxy";

    /// <summary>The proxy id exists with other properties.</summary>
    public const string Conflict = "conflict";
}
