using Vprox.Addressing;

namespace Vprox.Allocator.Core;

/// <summary>The number a static address gets when it enters the pool, for life; its inner subnet and port follow from it (ADR 1).</summary>
public readonly record struct Slot
{
    /// <summary>As many /22s as 240.0.0.0/8 has, and as many ports as WireGuard's range.</summary>
    public const int Count = 16384;

    private static readonly Ipv4Prefix Pool = Ipv4Prefix.Parse("240.0.0.0/8");

    public Slot(int number)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(number);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(number, Count);
        Number = number;
    }

    public int Number { get; }

    public Ipv4Prefix InnerSubnet => Pool.Subnet(AddressLayout.InnerPrefixLength, Number);

    public int ListenPort => AddressLayout.ListenPorts.First + Number;
}
