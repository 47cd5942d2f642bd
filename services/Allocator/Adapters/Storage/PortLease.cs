namespace Vprox.Allocator.Adapters.Storage;

/// <summary>
/// Who held a port block, or shared the shared ports, from when until when. A row is written when the block is given and completed when it is given
/// back; nothing else ever changes it, and it outlives tunnel, proxy and address.
/// </summary>
public sealed class PortLease
{
    public long Id { get; init; }

    public required string Address { get; init; }

    /// <summary>Offset of the inner address in the address's inner subnet.</summary>
    public required int Offset { get; init; }

    public required int FirstPort { get; init; }

    public required int LastPort { get; init; }

    public required string ProxyId { get; init; }

    public required string WorkspaceId { get; init; }

    /// <summary>Empty when only a node has told of the tunnel.</summary>
    public required string WorkerId { get; init; }

    public required string PublicKey { get; init; }

    public required DateTimeOffset From { get; init; }

    /// <summary>Null while it is held.</summary>
    public DateTimeOffset? Until { get; set; }

    /// <summary>A block that was given back early rests until then: the far ends of its connections may still send. Null when it does not.</summary>
    public DateTimeOffset? RestsUntil { get; set; }
}
