namespace Vprox.Allocator.Adapters.Storage;

/// <summary>One inner address of a tunnel. The key (address, offset) is what keeps a port block from having two owners.</summary>
public sealed class TunnelAddress
{
    public required string Address { get; init; }

    /// <summary>Offset in the address's inner subnet, 2..1022.</summary>
    public required int Offset { get; init; }

    public required string PublicKey { get; init; }
}
