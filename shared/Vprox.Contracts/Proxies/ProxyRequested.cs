namespace Vprox.Contracts;

/// <summary>
/// A scheduler asks for a proxy: 1..5 static addresses of one workspace. Idempotent by <see cref="ProxyId"/>: asking again for the same
/// thing answers again, with another bandwidth it changes the bandwidth, and asking for anything else under the same id is refused. Scheduler → Allocator, exchange <c>vprox.proxy-requested</c>.
/// </summary>
public sealed record ProxyRequested
{
    /// <summary>Chosen by the scheduler; 1..128 characters of A-Z a-z 0-9 . _ : -</summary>
    public required string ProxyId { get; init; }

    /// <summary>The owner; addresses are never shared between workspaces. Same form as <see cref="ProxyId"/>.</summary>
    public required string WorkspaceId { get; init; }

    /// <summary>Number of static addresses, 1..5.</summary>
    public required int AddressCount { get; init; }

    /// <summary>Cloud region, e.g. us-east-1; null means the Allocator's default region.</summary>
    public string? Region { get; init; }

    /// <summary>Rate each address may always use, in Mbit/s; null means none is guaranteed.</summary>
    public int? GuaranteedMbps { get; init; }

    /// <summary>Rate no address exceeds, in Mbit/s, not below the guaranteed one; null means the node's share.</summary>
    public int? CeilingMbps { get; init; }

    /// <summary>
    /// Orders the requests for one proxy: the bandwidth of one with a lower number than an earlier one had is not taken, so that a request that comes
    /// late or twice takes nothing back. Among equal numbers the one that is handled last counts.
    /// </summary>
    public long Revision { get; init; }
}
