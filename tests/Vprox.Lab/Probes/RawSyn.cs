using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Vprox.Lab.Probes;

/// <summary>TCP SYNs of one's own making (RFC 9293 section 3.1): no connection, no retry, no state.</summary>
internal static class RawSyn
{
    private const int HeaderSize = 20;

    /// <summary>Opens a socket that sends TCP segments as they are given; the kernel adds the IP header only (raw(7)).</summary>
    public static Socket Open() => new(AddressFamily.InterNetwork, SocketType.Raw, ProtocolType.Tcp);

    /// <summary>The segment with its checksum.</summary>
    public static byte[] Segment(IPEndPoint from, IPEndPoint to)
    {
        var segment = new byte[HeaderSize];
        BinaryPrimitives.WriteUInt16BigEndian(segment, (ushort)from.Port);
        BinaryPrimitives.WriteUInt16BigEndian(segment.AsSpan(2), (ushort)to.Port);
        BinaryPrimitives.WriteUInt32BigEndian(segment.AsSpan(4), (uint)Random.Shared.Next());
        segment[12] = HeaderSize / 4 << 4;
        segment[13] = 0x02;
        BinaryPrimitives.WriteUInt16BigEndian(segment.AsSpan(14), 64240);
        BinaryPrimitives.WriteUInt16BigEndian(segment.AsSpan(16), Checksum(from.Address, to.Address, segment));
        return segment;
    }

    private static ushort Checksum(IPAddress from, IPAddress to, ReadOnlySpan<byte> segment)
    {
        Span<byte> pseudo = stackalloc byte[12];
        from.TryWriteBytes(pseudo, out _);
        to.TryWriteBytes(pseudo[4..], out _);
        pseudo[9] = (byte)ProtocolType.Tcp;
        BinaryPrimitives.WriteUInt16BigEndian(pseudo[10..], (ushort)segment.Length);
        var sum = Sum(pseudo) + Sum(segment);
        while (sum >> 16 != 0)
            sum = (sum & 0xffff) + (sum >> 16);
        return (ushort)~sum;
    }

    private static uint Sum(ReadOnlySpan<byte> words)
    {
        var sum = 0u;
        for (var i = 0; i < words.Length; i += 2)
            sum += BinaryPrimitives.ReadUInt16BigEndian(words[i..]);
        return sum;
    }
}
