using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Vprox.Netlink;

/// <summary>A u32 filter (tc-u32(8)): packets that match all are of a class, or go to another table, or to another link.</summary>
public sealed record U32Key() : FilterSpec(KindName)
{
    internal const string KindName = "u32";

    // struct tc_u32_sel without its keys, and struct tc_u32_key.
    private const int SelectorLength = 16;
    private const int KeyLength = 16;

    /// <summary>What must match, at least one.</summary>
    public required EquatableList<U32Match> Matches { get; init; }

    /// <summary>The class; on ingress any class lets the packet pass. Null goes with <see cref="NextTable"/> or <see cref="RedirectTo"/>.</summary>
    public TrafficHandle? ClassId { get; init; }

    /// <summary>The table to go on in, by its number; its bucket is named by <see cref="HashMask"/> at <see cref="HashOffset"/>.</summary>
    public uint? NextTable { get; init; }

    /// <summary>Bits, in network order read as a number, that name the next table's bucket: for 256 buckets 0x000000ff.</summary>
    public uint HashMask { get; init; }

    /// <summary>Where they lie, in bytes from the network header on.</summary>
    public short HashOffset { get; init; }

    /// <summary>Index of the link that packets are sent out by in this one's stead (mirred); null for none.</summary>
    public int? RedirectTo { get; init; }

    private protected override string Options => RouteRequest.Words(
        NextTable is { } table ? string.Create(CultureInfo.InvariantCulture, $"link {table:x}: hashkey mask 0x{HashMask:x8} at {HashOffset}") : null,
        string.Join(' ', Matches),
        ClassId is { } id ? $"flowid {id}" : null,
        RedirectTo is { } link ? string.Create(CultureInfo.InvariantCulture, $"action mirred egress redirect dev if{link}") : null);

    /// <summary>The part of a handle that is the filter's number. Alone, it means the preference's first table, whichever number that has.</summary>
    public const uint Numbers = 0xfff;

    /// <summary>A filter's handle: its table, bucket and number, as in 1:40:2.</summary>
    /// <param name="table">1..2047; 0x800 is the first table.</param>
    /// <param name="bucket">0..255.</param>
    /// <param name="number">1..4095.</param>
    public static uint Handle(uint table, byte bucket, uint number) => (table << 20) | ((uint)bucket << 12) | number;

    internal override void WriteOptions(NetlinkWriter writer) => WriteOptions(writer, 0);

    internal void WriteOptions(NetlinkWriter writer, uint handle)
    {
        if (ClassId is { } id)
            writer.U32(TrafficAttribute.TCA_U32_CLASSID, id.Value);
        if (NextTable is { } table)
            writer.U32(TrafficAttribute.TCA_U32_LINK, table << 20);
        // tc names the bucket only where it is not the first table's.
        else if (handle >> 20 is not (0 or 0x800))
            writer.U32(TrafficAttribute.TCA_U32_HASH, handle & 0xffff_f000);
        if (RedirectTo is { } link)
            WriteRedirect(writer, link);
        writer.Bytes(TrafficAttribute.TCA_U32_SEL, Selector());
    }

    private byte[] Selector()
    {
        var bytes = new byte[SelectorLength + (KeyLength * Matches.Count)];
        // Only a terminal filter ends the search, with its class or its action.
        bytes[0] = NextTable is null ? TrafficAttribute.TC_U32_TERMINAL : (byte)0;
        bytes[2] = (byte)Matches.Count;
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(12), HashMask);
        MemoryMarshal.Write(bytes.AsSpan(10), HashOffset);
        for (var i = 0; i < Matches.Count; i++)
        {
            var key = bytes.AsSpan(SelectorLength + (KeyLength * i));
            BinaryPrimitives.WriteUInt32BigEndian(key, Matches[i].Mask);
            BinaryPrimitives.WriteUInt32BigEndian(key[4..], Matches[i].Value);
            MemoryMarshal.Write(key[8..], Matches[i].Offset);
        }
        return bytes;
    }

    private static void WriteRedirect(NetlinkWriter writer, int link)
    {
        using (writer.Nested(TrafficAttribute.TCA_U32_ACT, flag: false))
        using (writer.Nested(1, flag: false))
        {
            writer.Text(TrafficAttribute.TCA_ACT_KIND, "mirred");
            using (writer.Nested(TrafficAttribute.TCA_ACT_OPTIONS))
                writer.Bytes(TrafficAttribute.TCA_MIRRED_PARMS, MemoryMarshal.AsBytes<int>([0, 0, TrafficAttribute.TC_ACT_STOLEN, 0, 0, TrafficAttribute.TCA_EGRESS_REDIR, link]));
        }
    }

    internal static FilterSpec? Read(ReadOnlySpan<byte> options)
    {
        var read = new U32Key { Matches = [] };
        foreach (var attribute in new NetlinkReader(options))
        {
            switch (attribute.Type)
            {
                case TrafficAttribute.TCA_U32_DIVISOR:
                    return new U32Table(attribute.U32());
                case TrafficAttribute.TCA_U32_CLASSID:
                    read = read with { ClassId = new TrafficHandle(attribute.U32()) };
                    break;
                case TrafficAttribute.TCA_U32_LINK:
                    read = read with { NextTable = attribute.U32() >> 20 };
                    break;
                case TrafficAttribute.TCA_U32_ACT:
                    read = read with { RedirectTo = ReadRedirect(attribute.Nested()) };
                    break;
                case TrafficAttribute.TCA_U32_SEL when attribute.Payload.Length >= SelectorLength:
                    read = read.WithSelector(attribute.Payload);
                    break;
            }
        }
        return read.Matches.Count == 0 ? null : read;
    }

    private U32Key WithSelector(ReadOnlySpan<byte> selector)
    {
        var matches = new List<U32Match>();
        for (var rest = selector[SelectorLength..]; matches.Count < selector[2] && rest.Length >= KeyLength; rest = rest[KeyLength..])
        {
            matches.Add(new U32Match(
                BinaryPrimitives.ReadUInt32BigEndian(rest[4..]), BinaryPrimitives.ReadUInt32BigEndian(rest), MemoryMarshal.Read<int>(rest[8..])));
        }
        return this with
        {
            Matches = [.. matches],
            HashMask = BinaryPrimitives.ReadUInt32BigEndian(selector[12..]),
            HashOffset = MemoryMarshal.Read<short>(selector[10..]),
        };
    }

    private static int? ReadRedirect(NetlinkReader actions)
    {
        foreach (var action in actions)
        {
            foreach (var part in action.Nested())
            {
                if (part.Type != TrafficAttribute.TCA_ACT_OPTIONS)
                    continue;
                foreach (var option in part.Nested())
                {
                    if (option.Type == TrafficAttribute.TCA_MIRRED_PARMS && option.Payload.Length >= 28)
                        return MemoryMarshal.Read<int>(option.Payload[24..]);
                }
            }
        }
        return null;
    }
}
