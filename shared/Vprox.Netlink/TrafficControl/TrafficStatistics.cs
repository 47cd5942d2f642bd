using System.Runtime.InteropServices;

namespace Vprox.Netlink;

/// <summary>Counters of a qdisc or class (gen_stats.h), from its making on.</summary>
/// <param name="Bytes">Link-layer bytes sent on; of a segmented (GSO) packet with every segment's headers.</param>
/// <param name="Packets">Packets sent on, a segmented one as its segments.</param>
/// <param name="Drops">Packets dropped; a segmented one counts once. Of 32 bits: it begins anew after 2^32.</param>
/// <param name="Backlog">Bytes that wait.</param>
public readonly record struct TrafficStatistics(ulong Bytes, ulong Packets, uint Drops, uint Backlog)
{
    internal static TrafficStatistics Read(NetlinkReader attributes)
    {
        var read = default(TrafficStatistics);
        foreach (var attribute in attributes)
        {
            read = attribute.Type switch
            {
                // struct gnet_stats_basic: 64 bits of bytes, 32 of packets; PKT64 follows where they differ.
                TrafficAttribute.TCA_STATS_BASIC when attribute.Payload.Length >= 12 => read with
                {
                    Bytes = MemoryMarshal.Read<ulong>(attribute.Payload),
                    Packets = Math.Max(read.Packets, MemoryMarshal.Read<uint>(attribute.Payload[8..])),
                },
                TrafficAttribute.TCA_STATS_PKT64 => read with { Packets = attribute.U64() },
                // struct gnet_stats_queue: qlen, backlog, drops, requeues, overlimits.
                TrafficAttribute.TCA_STATS_QUEUE when attribute.Payload.Length >= 12 => read with
                {
                    Backlog = MemoryMarshal.Read<uint>(attribute.Payload[4..]),
                    Drops = MemoryMarshal.Read<uint>(attribute.Payload[8..]),
                },
                _ => read,
            };
        }
        return read;
    }
}
