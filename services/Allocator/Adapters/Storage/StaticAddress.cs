namespace Vprox.Allocator.Adapters.Storage;

/// <summary>An Elastic IP of the pool: what belongs to it for life and who has it now.</summary>
public sealed class StaticAddress
{
    public required string Address { get; init; }

    public required string Region { get; set; }

    public required string AllocationId { get; set; }

    /// <summary>Gives the inner subnet and the port (ADR 1); unique in the fleet.</summary>
    public required int Slot { get; init; }

    /// <summary>False when the options name it no more: it is not given out again.</summary>
    public bool InPool { get; set; } = true;

    public StaticAddressState State { get; set; }

    /// <summary>The proxy that has it; null unless allocated.</summary>
    public string? ProxyId { get; set; }

    /// <summary>Position among the proxy's addresses.</summary>
    public int Ordinal { get; set; }

    /// <summary>That of the last decision about it, placement or release; later decisions have greater ones, whatever address they are about.</summary>
    public long Generation { get; set; }

    public DateTimeOffset? QuarantinedUntil { get; set; }

    /// <summary>The private keys, encrypted for this address.</summary>
    public required byte[] EncryptedIdentity { get; init; }

    public required string ServerPublicKey { get; init; }

    public required string TlsPin { get; init; }

    /// <summary>Ports in one of its blocks, for as long as its proxy has it.</summary>
    public int PortBlockSize { get; set; } = Addressing.AddressLayout.BlockSize;

    public Placement? Placement { get; set; }
}

public enum StaticAddressState
{
    Free,
    Allocated,
    Quarantined,
}
