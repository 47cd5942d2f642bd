using System.Buffers.Binary;
using System.Net;

namespace Vprox.NodeAgent.Tests.DataPlane.Live;

/// <summary>Packets that a raw socket sends; the kernel adds the IP header.</summary>
internal static class ForgedPackets
{
    /// <summary>A TCP segment with RST alone (RFC 9293).</summary>
    public static byte[] Reset(IPAddress source, ushort sourcePort, IPAddress destination, ushort port)
    {
        var segment = new byte[20];
        Ports(segment, sourcePort, port);
        segment[12] = 5 << 4;
        segment[13] = 0x04;
        byte[] pseudo = [.. source.GetAddressBytes(), .. destination.GetAddressBytes(), 0, 6, 0, 20, .. segment];
        BinaryPrimitives.WriteUInt16BigEndian(segment.AsSpan(16), Checksum(pseudo));
        return segment;
    }

    /// <summary>A TCP segment with SYN and the option for the largest segment (RFC 9293).</summary>
    public static byte[] Syn(IPAddress source, ushort sourcePort, IPAddress destination, ushort port, ushort segment)
    {
        var syn = new byte[24];
        Ports(syn, sourcePort, port);
        syn[12] = 6 << 4;
        syn[13] = 0x02;
        BinaryPrimitives.WriteUInt16BigEndian(syn.AsSpan(14), ushort.MaxValue);
        syn[20] = 2;
        syn[21] = 4;
        BinaryPrimitives.WriteUInt16BigEndian(syn.AsSpan(22), segment);
        byte[] pseudo = [.. source.GetAddressBytes(), .. destination.GetAddressBytes(), 0, 6, 0, 24, .. syn];
        BinaryPrimitives.WriteUInt16BigEndian(syn.AsSpan(16), Checksum(pseudo));
        return syn;
    }

    /// <summary>ICMP "fragmentation needed" (RFC 1191) about a datagram of this flow.</summary>
    public static byte[] FragmentationNeeded(IPAddress source, ushort sourcePort, IPAddress destination, ushort port, ushort mtu)
    {
        var message = new byte[8 + 20 + 8];
        message[0] = 3;
        message[1] = 4;
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(6), mtu);
        var datagram = message.AsSpan(8);
        datagram[0] = 0x45;
        BinaryPrimitives.WriteUInt16BigEndian(datagram[2..], 1400);
        datagram[6] = 0x40;
        datagram[8] = 60;
        datagram[9] = 17;
        source.GetAddressBytes().CopyTo(datagram[12..]);
        destination.GetAddressBytes().CopyTo(datagram[16..]);
        BinaryPrimitives.WriteUInt16BigEndian(datagram[10..], Checksum(datagram[..20]));
        Ports(datagram[20..], sourcePort, port);
        BinaryPrimitives.WriteUInt16BigEndian(datagram[24..], 1380);
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(2), Checksum(message));
        return message;
    }

    private static void Ports(Span<byte> header, ushort source, ushort destination)
    {
        BinaryPrimitives.WriteUInt16BigEndian(header, source);
        BinaryPrimitives.WriteUInt16BigEndian(header[2..], destination);
    }

    /// <summary>RFC 1071.</summary>
    private static ushort Checksum(ReadOnlySpan<byte> bytes)
    {
        uint sum = 0;
        for (var i = 0; i < bytes.Length; i += 2)
            sum += BinaryPrimitives.ReadUInt16BigEndian(bytes[i..]);
        while (sum > ushort.MaxValue)
            sum = (sum & ushort.MaxValue) + (sum >> 16);
        return (ushort)~sum;
    }
}
