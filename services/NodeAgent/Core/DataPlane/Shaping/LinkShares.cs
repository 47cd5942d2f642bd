using Vprox.Netlink;

namespace Vprox.NodeAgent.Core.DataPlane.Shaping;

/// <summary>
/// Rates in the kernel's terms. What is configured counts IP packets; HTB counts Ethernet frames, 14 bytes more each. The rates are so much
/// larger that packets of the tunnels' MTU get what was configured; smaller ones get less, none get more.
/// </summary>
/// <param name="options">The node's link.</param>
/// <param name="guaranteedMbps">The sum of all guarantees on the node.</param>
internal sealed class LinkShares(ShapingOptions options, long guaranteedMbps)
{
    private const int EthernetHeader = 14;
    private const ulong BytesPerMegabit = 125_000;

    // 1 Tbit/s: more than any instance has.
    private const ulong Unlimited = 1_000_000 * BytesPerMegabit;

    // HTB knows no rate of zero: 8 kbit/s.
    private const ulong Nothing = 1_000;

    // 10 ms: longer than a busy kernel's timer is late, and 0.1 % of ten seconds.
    private const uint BurstTicks = 10_000_000 / 64;

    // The largest packet that offloads put together; with less, whoever sends such ones would get more than its turn.
    private const uint LargestPacket = 65_536;
    private const uint SmallestQuantum = 2 * (DesiredKernel.TunnelMtu + EthernetHeader);

    /// <summary>
    /// What part of a guarantee is kept, 0..1. Every byte crosses the link twice, plain and encrypted: what all addresses may send at the same time as
    /// they receive as much is half of it.
    /// </summary>
    public double Kept => options.LinkMbps is { } link && guaranteedMbps * 2 > link ? link / (guaranteedMbps * 2.0) : 1;

    private ulong Link => options.LinkMbps is { } link ? (ulong)link * BytesPerMegabit : Unlimited;

    /// <summary>Bytes a class sends in its turn: what the link carries in a millisecond, at least two packets.</summary>
    private uint Quantum => options.LinkMbps is { } link ? Math.Clamp((uint)link * 125, SmallestQuantum, LargestPacket) : LargestPacket;

    /// <summary>The class that all borrow from.</summary>
    public HtbClassSpec Top => Spec(Link, Link, 0);

    /// <summary>What is no address's: all that no address of this ENI is guaranteed. It borrows first: its packets were paid for when they came.</summary>
    public HtbClassSpec RestOf(IEnumerable<Bandwidth> addresses)
    {
        var taken = addresses.Aggregate(0ul, (sum, address) => sum + Guaranteed(address));
        return Spec(Math.Max(Link - Math.Min(taken, Link), Nothing), Link, 0);
    }

    /// <summary>An address.</summary>
    public HtbClassSpec Of(Bandwidth bandwidth)
    {
        var ceiling = Math.Min(bandwidth.CeilingMbps is { } mbps ? OnWire(mbps) : Link, Link);
        return Spec(Math.Min(Math.Max(Guaranteed(bandwidth), Nothing), ceiling), ceiling, 1);
    }

    /// <summary>Bytes that may wait in a plain queue: a tenth of a second.</summary>
    public static uint FifoLimit(HtbClassSpec spec) => (uint)Math.Clamp(spec.Ceiling / 10, 2 * LargestPacket, 8_388_608);

    private ulong Guaranteed(Bandwidth bandwidth) => bandwidth.GuaranteedMbps is { } mbps ? (ulong)(OnWire(mbps) * Kept) : 0;

    private static ulong OnWire(int mbps) => (ulong)mbps * BytesPerMegabit * (DesiredKernel.TunnelMtu + EthernetHeader) / DesiredKernel.TunnelMtu;

    private HtbClassSpec Spec(ulong rate, ulong ceiling, uint priority) => new()
    {
        Rate = rate,
        Ceiling = ceiling,
        BurstTicks = BurstTicks,
        CeilingBurstTicks = BurstTicks,
        Quantum = Quantum,
        Priority = priority,
    };
}
