namespace Vprox.Contracts;

/// <summary>
/// The scheduler gives a proxy back; its addresses return to the pool after a quarantine. Releasing an unknown or released proxy changes
/// nothing. Scheduler → Allocator, exchange <c>vprox.proxy-released</c>.
/// </summary>
public sealed record ProxyReleased
{
    /// <summary>The proxy to give back.</summary>
    public required string ProxyId { get; init; }

    /// <summary>Its owner; a release by another workspace is refused and logged.</summary>
    public required string WorkspaceId { get; init; }
}
