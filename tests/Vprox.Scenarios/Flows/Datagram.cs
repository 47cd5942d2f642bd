using System.Buffers.Binary;
using System.Net;

namespace Vprox.Scenarios.Flows;

/// <summary>What a UDP flow consists of: 32 bytes.</summary>
internal static class Datagram
{
    public const int Size = 32;

    /// <summary>Client to server: who writes, and how often it wrote.</summary>
    public static void WriteUp(Span<byte> datagram, int flow, long number)
    {
        datagram.Clear();
        BinaryPrimitives.WriteInt32LittleEndian(datagram, flow);
        BinaryPrimitives.WriteInt64LittleEndian(datagram[8..], number);
    }

    public static (int Flow, long Number) ReadUp(ReadOnlySpan<byte> datagram) =>
        (BinaryPrimitives.ReadInt32LittleEndian(datagram), BinaryPrimitives.ReadInt64LittleEndian(datagram[8..]));

    /// <summary>Server to client: the newest number it heard, and the source it heard it from.</summary>
    public static void WriteDown(Span<byte> datagram, long heard, IPEndPoint source)
    {
        datagram.Clear();
        BinaryPrimitives.WriteInt64LittleEndian(datagram[8..], heard);
        source.Address.TryWriteBytes(datagram[16..], out _);
        BinaryPrimitives.WriteInt32LittleEndian(datagram[20..], source.Port);
    }

    public static (long Heard, IPEndPoint Source) ReadDown(ReadOnlySpan<byte> datagram) =>
        (BinaryPrimitives.ReadInt64LittleEndian(datagram[8..]),
            new IPEndPoint(new IPAddress(datagram.Slice(16, 4)), BinaryPrimitives.ReadInt32LittleEndian(datagram[20..])));
}
