using System.Net;
using Vprox.Addressing;

namespace Vprox.NodeAgent.Core.DataPlane.Ruleset;

/// <summary>
/// The port blocks, once for all static addresses of a node: block i lies at the same offset of every inner subnet, so that 156 elements and 156
/// chains stand for the 74,880 elements that 240 addresses would need (ADR 11).
/// </summary>
internal static class BlockRuleset
{
    /// <summary>Blocks lie alike in every inner subnet.</summary>
    private static readonly Ipv4Prefix AnyInner = Ipv4Prefix.Parse("240.0.0.0/22");

    /// <summary>Elements of the map "offsets": a port's block as the last ten bits of an inner address.</summary>
    public static IEnumerable<string> Offsets => Blocks.Select(block => $"{AddressLayout.PortsOfBlock(block)} : {OffsetOf(block)}");

    /// <summary>Elements of the map "owners": where packets from an inner address go on.</summary>
    public static IEnumerable<string> Owners => Blocks.Select(block => $"{OffsetOf(block)} : goto {Name(block)}");

    /// <summary>Elements of the set "blocks": an inner address's offset with the first port of its block.</summary>
    public static IEnumerable<string> FirstPorts => Blocks.Select(block => $"{OffsetOf(block)} . {AddressLayout.PortsOfBlock(block).First}");

    /// <summary>A chain for each block: its ports, with the private address of the tunnel that the packet came from.</summary>
    public static IEnumerable<NftObject> Chains => Blocks.Select(block => new NftObject
    {
        Kind = "chain",
        Name = Name(block),
        Definition = [],
        Rules = [$"meta l4proto {{ tcp, udp }} snat ip to iifname map @sources:{AddressLayout.PortsOfBlock(block)}"],
    });

    private static IEnumerable<int> Blocks => Enumerable.Range(0, AddressLayout.BlockCount);

    private static IPAddress OffsetOf(int block) => Ipv4.FromUInt32((uint)AnyInner.OffsetOf(AddressLayout.AddressOfBlock(AnyInner, block)));

    private static string Name(int block) => $"block{block}";
}
