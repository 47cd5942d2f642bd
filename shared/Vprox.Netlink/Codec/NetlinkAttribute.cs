using System.Buffers.Binary;
using System.Net;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Vprox.Netlink;

/// <summary>One attribute of a netlink message. The accessors throw <see cref="NetlinkException"/> when the payload has another size.</summary>
public readonly ref struct NetlinkAttribute
{
    internal NetlinkAttribute(ushort type, ReadOnlySpan<byte> payload)
    {
        Type = type;
        Payload = payload;
    }

    /// <summary>The attribute's number in its family, without the NLA_F_* flags.</summary>
    public ushort Type { get; }

    /// <summary>Its content, without padding.</summary>
    public ReadOnlySpan<byte> Payload { get; }

    /// <summary>An 8-bit number.</summary>
    public byte U8() => Scalar<byte>();

    /// <summary>A 16-bit number in host order.</summary>
    public ushort U16() => Scalar<ushort>();

    /// <summary>A 16-bit number in network order.</summary>
    public ushort U16BigEndian() => BinaryPrimitives.ReadUInt16BigEndian(Exactly(2));

    /// <summary>A 32-bit number in host order.</summary>
    public uint U32() => Scalar<uint>();

    /// <summary>A 32-bit number in network order.</summary>
    public uint U32BigEndian() => BinaryPrimitives.ReadUInt32BigEndian(Exactly(4));

    /// <summary>A signed 32-bit number in host order.</summary>
    public int S32() => Scalar<int>();

    /// <summary>A 64-bit number in host order.</summary>
    public ulong U64() => Scalar<ulong>();

    /// <summary>A signed 64-bit number in host order.</summary>
    public long S64() => Scalar<long>();

    /// <summary>Text up to the first NUL, or to the end.</summary>
    public string Text()
    {
        var end = Payload.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? Payload : Payload[..end]);
    }

    /// <summary>An IPv4 address.</summary>
    public IPAddress Ipv4() => new(Exactly(4));

    /// <summary>The attributes inside this one.</summary>
    public NetlinkReader Nested() => new(Payload);

    private T Scalar<T>() where T : unmanaged => MemoryMarshal.Read<T>(Exactly(Unsafe.SizeOf<T>()));

    private ReadOnlySpan<byte> Exactly(int size) => Payload.Length == size
        ? Payload
        : throw new NetlinkException($"netlink attribute {Type} has {Payload.Length} bytes instead of {size}");
}
