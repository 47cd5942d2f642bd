using System.Numerics;
using Vprox.Addressing;
using Vprox.Netlink;

namespace Vprox.NodeAgent.Core.DataPlane.Shaping;

/// <summary>
/// The program that tells the tunnels of one address apart: a packet's port on our side lies in a block, a block is a tunnel's, and the tunnel has a
/// queue, however many blocks and connections it has. A shared port does not say whose it is: the tunnels that share them have as many queues as they
/// are, so that all of them together have their part and no more.
/// </summary>
internal static class TunnelQueues
{
    /// <summary>Queues in all.</summary>
    public const uint Count = 1024;

    private const int OwnQueues = 768;
    private const int MostShared = (int)Count - OwnQueues;
    private const uint WithoutPorts = Count;
    private const uint EtherType = 12;
    private const uint Network = 14;
    private const byte Tcp = 6;
    private const byte Udp = 17;
    private const byte LongestJump = byte.MaxValue;

    /// <summary>The program.</summary>
    /// <param name="address">The address with its tunnels.</param>
    /// <param name="outgoing">True for packets that leave, whose source port counts; false for those that come.</param>
    public static BpfFilter For(DesiredAddress address, bool outgoing) => new(EquatableList.Of<BpfInstruction>(
    [
        BpfInstruction.LoadHalf(EtherType),
        BpfInstruction.IfEqual(FilterReference.Ipv4, 0, 5),
        BpfInstruction.LoadByte(Network + 9),
        BpfInstruction.IfEqual(Udp, 1, 0),
        BpfInstruction.IfEqual(Tcp, 0, 2),
        // A later fragment has no ports.
        BpfInstruction.LoadHalf(Network + 6),
        BpfInstruction.IfAnyOf(0x1fff, 0, 1),
        BpfInstruction.Return(WithoutPorts),
        BpfInstruction.LoadHeaderLength(Network),
        BpfInstruction.LoadHalfFromX(Network + (outgoing ? 0u : 2u)),
        .. Choose(Segments(address), SharedQueues(address)),
    ]));

    // A power of two: a bit mask divides ports among them, and a tunnel that comes or goes seldom changes the program.
    private static uint SharedQueues(DesiredAddress address)
    {
        var layout = new BlockLayout(address.BlockSize);
        var sharers = address.Peers.Count(peer => peer.InnerAddresses.Any(inner => layout.BlockOf(address.Inner, inner) is null));
        return Math.Min(BitOperations.RoundUpToPowerOf2((uint)Math.Max(1, sharers)), MostShared);
    }

    // Where another queue begins; null is the ports that tunnels share.
    private static ReadOnlySpan<(int First, uint? Queue)> Segments(DesiredAddress address)
    {
        var layout = new BlockLayout(address.BlockSize);
        var blocks = address.Peers
            .Select(peer => peer.InnerAddresses.Select(inner => layout.BlockOf(address.Inner, inner)).OfType<int>().ToList())
            .Where(blocks => blocks.Count > 0)
            // The lowest block names the queue: it stays when the tunnel grows.
            .SelectMany(blocks => blocks.Select(block => (Ports: layout.PortsOf(block), Queue: 1 + (uint)(blocks.Min() % (OwnQueues - 1)))))
            .OrderBy(item => item.Ports.First);
        var segments = new List<(int First, uint? Queue)> { (0, null) };
        foreach (var (ports, queue) in blocks)
        {
            if (segments[^1].First == ports.First)
                segments.RemoveAt(segments.Count - 1);
            if (segments.Count == 0 || segments[^1].Queue != queue)
                segments.Add((ports.First, queue));
            segments.Add((ports.Last + 1, null));
        }
        return System.Runtime.InteropServices.CollectionsMarshal.AsSpan(segments);
    }

    // A search by halves: eight comparisons for 156 blocks.
    private static List<BpfInstruction> Choose(ReadOnlySpan<(int First, uint? Queue)> segments, uint shared)
    {
        if (segments.Length == 1)
        {
            return segments[0].Queue is { } queue
                ? [BpfInstruction.Return(queue)]
                : [BpfInstruction.And(shared - 1), BpfInstruction.Add(OwnQueues), BpfInstruction.ReturnA];
        }
        var half = segments.Length / 2;
        var (below, above) = (Choose(segments[..half], shared), Choose(segments[half..], shared));
        var border = (uint)segments[half].First;
        return below.Count <= LongestJump
            ? [BpfInstruction.IfNotBelow(border, (byte)below.Count, 0), .. below, .. above]
            : [BpfInstruction.IfNotBelow(border, 0, 1), BpfInstruction.Jump((uint)below.Count), .. below, .. above];
    }
}
