namespace Vprox.Allocator.Adapters.Storage;

/// <summary>What a workspace asked for. It stays after its release, so that a late request does not bring it back.</summary>
public sealed class Proxy
{
    public required string ProxyId { get; init; }

    public required string WorkspaceId { get; init; }

    public required string Region { get; init; }

    public required int AddressCount { get; init; }

    public int? GuaranteedMbps { get; init; }

    public int? CeilingMbps { get; init; }

    public ProxyState State { get; set; }

    public DateTimeOffset? ReleasedAt { get; set; }
}

public enum ProxyState
{
    /// <summary>Placed; not all of its addresses have served yet.</summary>
    Placing,

    /// <summary>All of its addresses have served; a later move does not change that.</summary>
    Ready,

    Released,
}
