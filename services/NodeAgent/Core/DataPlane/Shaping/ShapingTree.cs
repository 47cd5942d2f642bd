using System.Security.Cryptography;
using System.Text;
using Vprox.Netlink;

namespace Vprox.NodeAgent.Core.DataPlane.Shaping;

/// <summary>Names and numbers of the trees: the same on every ENI and its ifb, all of them an address's own, so that nothing has to be looked up.</summary>
public static class ShapingTree
{
    private const string BlockPrefix = "vpi-";
    private const int LongestName = 15;

    /// <summary>Handle of our HTB qdiscs: 0x56, V. A root of this handle is ours.</summary>
    public static TrafficHandle Root { get; } = TrafficHandle.Of(0x56);

    /// <summary>The class that all others borrow from: the link.</summary>
    public static TrafficHandle Top { get; } = TrafficHandle.Of(0x56, 1);

    /// <summary>The class of all that is no address's: the node's own packets, and encrypted ones.</summary>
    public static TrafficHandle Rest { get; } = TrafficHandle.Of(0x56, 2);

    /// <summary>The class of an address: its minor number is the listen port, 0xc000 and up.</summary>
    public static TrafficHandle ClassOf(int listenPort) => TrafficHandle.Of(0x56, (ushort)listenPort);

    /// <summary>Handle of the qdisc in an address's class: 4000: to 7fff:, below what the kernel gives out (8000:) and ffff:, the ingress.</summary>
    public static TrafficHandle LeafOf(int listenPort) => TrafficHandle.Of((ushort)(listenPort - 0x8000));

    /// <summary>The ifb that an ENI's incoming packets pass: vpi- and the ENI's name, or of a long name its hash.</summary>
    public static string BlockOf(string link) => BlockPrefix.Length + link.Length <= LongestName
        ? BlockPrefix + link
        : BlockPrefix + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(link)))[..(LongestName - BlockPrefix.Length)];

    /// <summary>True for names of our ifbs.</summary>
    public static bool IsBlock(string name) => name.StartsWith(BlockPrefix, StringComparison.Ordinal);
}
