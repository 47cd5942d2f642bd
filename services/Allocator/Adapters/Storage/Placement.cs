namespace Vprox.Allocator.Adapters.Storage;

/// <summary>Where an allocated static address belongs now.</summary>
public sealed class Placement
{
    public required string Address { get; init; }

    public required long Generation { get; set; }

    public required string NodeId { get; set; }

    /// <summary>The node it leaves until this generation serves; null at a first placement.</summary>
    public string? PreviousNodeId { get; set; }

    public required string NetworkInterfaceId { get; set; }

    public required string SubnetId { get; set; }

    public required string PrivateAddress { get; set; }

    /// <summary>The node said that it answers on this generation.</summary>
    public bool Serving { get; set; }

    public required DateTimeOffset PublishedAt { get; set; }
}
