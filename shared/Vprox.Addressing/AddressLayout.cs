using System.Net;

namespace Vprox.Addressing;

/// <summary>
/// How one static address divides its ports and its inner subnet. Block i of an address always belongs to inner address i + 2 of its
/// subnet, so any node can translate in both directions without state (design, idea 2). The first inner address is the server's own;
/// what lies past the blocks goes to clients that know no blocks, and they share <see cref="SharedPorts"/>. A fleet may choose another size of blocks:
/// see <see cref="BlockLayout"/>.
/// </summary>
public static class AddressLayout
{
    /// <summary>Prefix length of an inner subnet, as in modal-labs/vprox: 1,022 usable inner addresses.</summary>
    public const int InnerPrefixLength = 22;

    /// <summary>Ports in one block.</summary>
    public const int BlockSize = 256;

    /// <summary>Blocks of one address: (40960 - 1024) / 256.</summary>
    public const int BlockCount = 156;

    /// <summary>All ports that blocks are cut from.</summary>
    public static PortRange BlockPorts { get; } = new(1024, 1024 + (BlockCount * BlockSize) - 1);

    /// <summary>Ports that clients without blocks share; their connections do not survive a move.</summary>
    public static PortRange SharedPorts { get; } = new(40960, 49151);

    /// <summary>WireGuard's listen ports: one per static address, the same on every node.</summary>
    public static PortRange ListenPorts { get; } = new(49152, 65535);

    /// <summary>The server's own inner address, the first of the subnet; it answers ping.</summary>
    public static IPAddress ServerAddress(Ipv4Prefix inner) => Checked(inner).AddressAt(1);

    private static BlockLayout Blocks => new(BlockSize);

    /// <summary>The ports of a block.</summary>
    /// <param name="block">0..155.</param>
    public static PortRange PortsOfBlock(int block) => Blocks.PortsOf(block);

    /// <summary>The inner address that owns a block.</summary>
    /// <param name="inner">The static address's inner /22.</param>
    /// <param name="block">0..155.</param>
    public static IPAddress AddressOfBlock(Ipv4Prefix inner, int block) => Blocks.AddressOf(inner, block);

    /// <summary>The block that an inner address owns, or null for the server's, the shared and the reserved ones.</summary>
    public static int? BlockOf(Ipv4Prefix inner, IPAddress address) => Blocks.BlockOf(inner, address);

    /// <summary>Inner addresses without a block, lowest first: 865 of them.</summary>
    public static IEnumerable<IPAddress> SharedAddresses(Ipv4Prefix inner) => Blocks.SharedAddresses(inner);

    private static Ipv4Prefix Checked(Ipv4Prefix inner) => inner.Length == InnerPrefixLength
        ? inner
        : throw new ArgumentException($"{inner} is not a /{InnerPrefixLength}", nameof(inner));
}
