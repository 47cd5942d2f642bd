using System.Buffers.Binary;

namespace Vprox.Scenarios.Flows;

/// <summary>What a TCP flow consists of: 32 bytes that begin with a number counting up from 1.</summary>
internal static class Record
{
    public const int Size = 32;

    public static void Write(Span<byte> record, long number)
    {
        record.Clear();
        BinaryPrimitives.WriteInt64LittleEndian(record, number);
    }

    public static long Number(ReadOnlySpan<byte> record) => BinaryPrimitives.ReadInt64LittleEndian(record);
}
