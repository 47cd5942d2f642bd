using System.Buffers.Binary;
using System.Globalization;

namespace Vprox.Netlink;

/// <summary>Where a filter is.</summary>
/// <param name="LinkIndex">The link.</param>
/// <param name="Parent">The qdisc it is attached to, or <see cref="TrafficHandle.IngressFilters"/>.</param>
/// <param name="Preference">1..65535: lower ones are asked first. All filters of one preference are of one kind and protocol.</param>
/// <param name="Protocol">EtherType: 0x0800 for IPv4, 3 (ETH_P_ALL) for all.</param>
/// <param name="Handle">The kind's own number: for u32 see <see cref="U32Key.Handle"/>.</param>
public readonly record struct FilterReference(int LinkIndex, TrafficHandle Parent, ushort Preference, ushort Protocol, uint Handle)
{
    /// <summary>IPv4.</summary>
    public const ushort Ipv4 = 0x0800;

    /// <summary>Every protocol.</summary>
    public const ushort AnyProtocol = 3;

    internal TrafficHeader Header => new(LinkIndex, new TrafficHandle(Handle), Parent, ((uint)Preference << 16) | BinaryPrimitives.ReverseEndianness(Protocol));

    internal string Words(string kind) => string.Create(CultureInfo.InvariantCulture,
        $"dev if{LinkIndex} parent {Parent} protocol {ProtocolName} pref {Preference}{(Handle == 0 ? "" : " handle ")}{HandleText(kind)}");

    private string ProtocolName => Protocol switch { Ipv4 => "ip", AnyProtocol => "all", var other => $"0x{other:x4}" };

    private string HandleText(string kind)
    {
        if (Handle == 0)
            return "";
        if (kind != U32Key.KindName)
            return string.Create(CultureInfo.InvariantCulture, $"{Handle}");
        var (table, bucket, number) = (Handle >> 20, (Handle >> 12) & 0xff, Handle & 0xfff);
        return number == 0 && bucket == 0
            ? string.Create(CultureInfo.InvariantCulture, $"{table:x}:")
            : string.Create(CultureInfo.InvariantCulture, $"{(table == 0 ? "" : table.ToString("x", CultureInfo.InvariantCulture))}:{(bucket == 0 ? "" : bucket.ToString("x", CultureInfo.InvariantCulture))}:{number:x}");
    }
}
