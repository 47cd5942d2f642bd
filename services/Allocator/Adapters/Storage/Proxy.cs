namespace Vprox.Allocator.Adapters.Storage;

/// <summary>What a workspace asked for. It stays after its release, so that a late request does not bring it back.</summary>
public sealed class Proxy
{
    public required string ProxyId { get; init; }

    public required string WorkspaceId { get; init; }

    public required string Region { get; init; }

    public required int AddressCount { get; init; }

    public int? GuaranteedMbps { get; set; }

    public int? CeilingMbps { get; set; }

    /// <summary>The highest revision that a request for it bore.</summary>
    public long Revision { get; set; }

    /// <summary>Grows with every change of the two rates; nodes order them by it.</summary>
    public long BandwidthGeneration { get; set; }

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
