using System.Globalization;
using System.Runtime.InteropServices;

namespace Vprox.Netlink;

/// <summary>
/// A class of HTB (tc-htb(8), net/sched/sch_htb.c). Rates count link-layer bytes: a packet as it lies in the buffer, on Ethernet with 14 bytes of
/// header and without the frame check sequence; of a segmented (GSO) packet every segment's headers.
/// </summary>
public sealed record HtbClassSpec
{
    /// <summary>Bytes per second it has for itself, at least 1.</summary>
    public required ulong Rate { get; init; }

    /// <summary>Bytes per second it never exceeds, borrowed ones included.</summary>
    public required ulong Ceiling { get; init; }

    /// <summary>For how long it may send at link speed after a rest, measured at <see cref="Rate"/>, in the kernel's ticks of 64 ns (PSCHED_SHIFT, pkt_sched.h).</summary>
    public required uint BurstTicks { get; init; }

    /// <summary>The same at <see cref="Ceiling"/>.</summary>
    public required uint CeilingBurstTicks { get; init; }

    /// <summary>Bytes it sends in its turn among those that borrow from the same parent.</summary>
    public required uint Quantum { get; init; }

    /// <summary>0..7: who has a lower number borrows first.</summary>
    public uint Priority { get; init; }

    /// <summary>In tc's words; it gives the bursts in bytes.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"htb rate {Rate * 8}bit ceil {Ceiling * 8}bit burst {Bytes(BurstTicks, Rate)}b cburst {Bytes(CeilingBurstTicks, Ceiling)}b quantum {Quantum} prio {Priority}");

    private static ulong Bytes(uint ticks, ulong rate) => (ulong)((UInt128)ticks * 64 * rate / 1_000_000_000);

    // The rate tables that tc sends along, 1 KiB each, are for kernels that do not know the link layer; none since 3.8 reads them.
    internal void WriteOptions(NetlinkWriter writer)
    {
        if (Rate > uint.MaxValue)
            writer.U64(TrafficAttribute.TCA_HTB_RATE64, Rate);
        if (Ceiling > uint.MaxValue)
            writer.U64(TrafficAttribute.TCA_HTB_CEIL64, Ceiling);
        var options = new HtbOptions(
            new RateSpec((uint)Math.Min(Rate, uint.MaxValue)), new RateSpec((uint)Math.Min(Ceiling, uint.MaxValue)),
            BurstTicks, CeilingBurstTicks, Quantum, 0, Priority);
        writer.Bytes(TrafficAttribute.TCA_HTB_PARMS, MemoryMarshal.AsBytes(new ReadOnlySpan<HtbOptions>(in options)));
    }

    internal static HtbClassSpec? Read(ReadOnlySpan<byte> attributes)
    {
        HtbOptions? options = null;
        var (rate64, ceiling64) = (0ul, 0ul);
        foreach (var attribute in new NetlinkReader(attributes))
        {
            if (attribute.Type == TrafficAttribute.TCA_HTB_PARMS && MemoryMarshal.TryRead<HtbOptions>(attribute.Payload, out var read))
                options = read;
            else if (attribute.Type == TrafficAttribute.TCA_HTB_RATE64)
                rate64 = attribute.U64();
            else if (attribute.Type == TrafficAttribute.TCA_HTB_CEIL64)
                ceiling64 = attribute.U64();
        }
        return options is not { } there ? null : new HtbClassSpec
        {
            Rate = Math.Max(rate64, there.Rate.Rate),
            Ceiling = Math.Max(ceiling64, there.Ceiling.Rate),
            BurstTicks = there.Buffer,
            CeilingBurstTicks = there.CeilingBuffer,
            Quantum = there.Quantum,
            Priority = there.Priority,
        };
    }

    /// <summary>struct tc_ratespec.</summary>
    private readonly record struct RateSpec(byte CellLog, byte LinkLayer, ushort Overhead, short CellAlign, ushort Mpu, uint Rate)
    {
        public RateSpec(uint rate) : this(0, TrafficAttribute.TC_LINKLAYER_ETHERNET, 0, 0, 0, rate) { }
    }

    /// <summary>struct tc_htb_opt.</summary>
    private readonly record struct HtbOptions(RateSpec Rate, RateSpec Ceiling, uint Buffer, uint CeilingBuffer, uint Quantum, uint Level, uint Priority);
}
