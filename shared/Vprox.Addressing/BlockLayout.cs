using System.Net;

namespace Vprox.Addressing;

/// <summary>
/// How an address divides <see cref="AddressLayout.BlockPorts"/> when its blocks have another size than <see cref="AddressLayout.BlockSize"/>; with
/// that size it says what <see cref="AddressLayout"/> says. Block i belongs to inner address i + 2 always.
/// </summary>
public readonly record struct BlockLayout
{
    /// <summary>The smallest size, 312 blocks: conntrack tries so many ports in one go, and a grant that names all of them still fits a header.</summary>
    public const int SmallestSize = 128;

    /// <summary>The largest size, 39 blocks: the largest power of two that divides the ports without a rest.</summary>
    public const int LargestSize = 1024;

    /// <summary>A layout with blocks of a size.</summary>
    /// <param name="size">Ports in one block: 128, 256, 512 or 1024.</param>
    /// <exception cref="ArgumentOutOfRangeException">Another size.</exception>
    public BlockLayout(int size) => Size = IsSize(size)
        ? size
        : throw new ArgumentOutOfRangeException(nameof(size), size, "a block has 128, 256, 512 or 1024 ports");

    /// <summary>Ports in one block.</summary>
    public int Size { get; }

    /// <summary>Blocks of one address: 312, 156, 78 or 39.</summary>
    public int Count => AddressLayout.BlockPorts.Count / Size;

    /// <summary>True for 128, 256, 512 and 1024.</summary>
    public static bool IsSize(int size) => size is >= SmallestSize and <= LargestSize && int.IsPow2(size);

    /// <summary>The ports of a block.</summary>
    /// <param name="block">0..<see cref="Count"/>-1.</param>
    public PortRange PortsOf(int block)
    {
        var first = AddressLayout.BlockPorts.First + (Checked(block) * Size);
        return new PortRange(first, first + Size - 1);
    }

    /// <summary>The inner address that owns a block.</summary>
    /// <param name="inner">The static address's inner /22.</param>
    /// <param name="block">0..<see cref="Count"/>-1.</param>
    public IPAddress AddressOf(Ipv4Prefix inner, int block) => Checked(inner).AddressAt(Checked(block) + 2);

    /// <summary>The block that an inner address owns, or null for the server's, the shared and the reserved ones.</summary>
    public int? BlockOf(Ipv4Prefix inner, IPAddress address)
    {
        if (!Checked(inner).Contains(address))
            return null;
        var offset = inner.OffsetOf(address);
        return offset >= 2 && offset < Count + 2 ? (int)(offset - 2) : null;
    }

    /// <summary>Inner addresses without a block, lowest first.</summary>
    public IEnumerable<IPAddress> SharedAddresses(Ipv4Prefix inner)
    {
        for (long offset = Count + 2; offset < Checked(inner).Count - 1; offset++)
            yield return inner.AddressAt(offset);
    }

    private static Ipv4Prefix Checked(Ipv4Prefix inner) => inner.Length == AddressLayout.InnerPrefixLength
        ? inner
        : throw new ArgumentException($"{inner} is not a /{AddressLayout.InnerPrefixLength}", nameof(inner));

    private int Checked(int block)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(block);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(block, Count);
        return block;
    }
}
