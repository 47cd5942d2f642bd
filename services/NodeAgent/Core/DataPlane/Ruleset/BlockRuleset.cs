using System.Net;
using Vprox.Addressing;

namespace Vprox.NodeAgent.Core.DataPlane.Ruleset;

/// <summary>
/// The port blocks of one size, once for all static addresses of a node that have it: block i lies at the same offset of every inner subnet, so that
/// 156 elements and 156 chains stand for the 74,880 elements that 240 addresses would need (ADR 11). Addresses of several sizes have them side by side.
/// </summary>
/// <param name="layout">The size.</param>
internal sealed class BlockRuleset(BlockLayout layout)
{
    /// <summary>Blocks lie alike in every inner subnet.</summary>
    private static readonly Ipv4Prefix AnyInner = Ipv4Prefix.Parse("240.0.0.0/22");

    // A block begins at a multiple of its size, so that a port's upper bits name it.
    private int FirstPortMask => ushort.MaxValue & ~(layout.Size - 1);

    /// <summary>The map from a port to its block, as the last ten bits of an inner address.</summary>
    public static string Offsets(int size) => $"offsets{size}";

    /// <summary>The chain that translates what leaves from a block's inner address into the block; others it lets return.</summary>
    public static string Leave(int size) => $"leave{size}";

    /// <summary>The chain that accepts what leaves from a block's inner address with a port of the block, as stateless translation needs it.</summary>
    public static string Close(int size) => $"close{size}";

    /// <summary>Everything that stands for the blocks; a chain for each of them, its ports with the private address of the tunnel that the packet came from.</summary>
    public IEnumerable<NftObject> Objects =>
    [
        Holding("set", $"blocks{layout.Size}", ["type ipv4_addr . inet_service"], block => $"{OffsetOf(block)} . {layout.PortsOf(block).First}"),
        Holding("map", Offsets(layout.Size), ["type inet_service : ipv4_addr", "flags interval"], block => $"{layout.PortsOf(block)} : {OffsetOf(block)}"),
        Holding("map", $"owners{layout.Size}", ["type ipv4_addr : verdict"], block => $"{OffsetOf(block)} : goto {Name(block)}"),
        NftObject.Chain(Leave(layout.Size), $"ip saddr & 0.0.3.255 vmap @owners{layout.Size}"),
        NftObject.Chain(Close(layout.Size), $"ip saddr & 0.0.3.255 . tcp sport & {FirstPortMask} @blocks{layout.Size} accept"),
        .. Blocks.Select(block => NftObject.Chain(Name(block), $"meta l4proto {{ tcp, udp }} snat ip to iifname map @sources:{layout.PortsOf(block)}")),
    ];

    private IEnumerable<int> Blocks => Enumerable.Range(0, layout.Count);

    private IPAddress OffsetOf(int block) => Ipv4.FromUInt32((uint)AnyInner.OffsetOf(layout.AddressOf(AnyInner, block)));

    private string Name(int block) => $"block{layout.Size}_{block}";

    private NftObject Holding(string kind, string name, IReadOnlyList<string> definition, Func<int, string> element) =>
        new() { Kind = kind, Name = name, Definition = definition, Elements = Blocks.Select(element).ToHashSet() };
}
