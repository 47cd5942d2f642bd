using System.Net;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Vprox.Netlink;

/// <summary>Writes netlink messages and attributes: host byte order where not said otherwise, everything aligned to 4 bytes.</summary>
public sealed class NetlinkWriter
{
    private byte[] _buffer = new byte[1024];

    /// <summary>Bytes written, padding included.</summary>
    public int Length { get; private set; }

    /// <summary>What was written.</summary>
    public ReadOnlySpan<byte> Written => _buffer.AsSpan(0, Length);

    /// <summary>Writes a family's fixed header (struct ifinfomsg, rtmsg, …) as it lies in memory.</summary>
    public void Header<T>(T header) where T : unmanaged
    {
        var size = Unsafe.SizeOf<T>();
        MemoryMarshal.Write(Reserve(Interop.Align(size)), in header);
    }

    /// <summary>Writes an attribute with any payload.</summary>
    /// <exception cref="ArgumentException">The payload does not fit an attribute: its length field has 16 bits.</exception>
    public void Bytes(int type, ReadOnlySpan<byte> payload)
    {
        var length = Interop.AttributeHeaderLength + payload.Length;
        if (length > ushort.MaxValue)
            throw new ArgumentException($"{payload.Length} bytes do not fit netlink attribute {type}", nameof(payload));
        var target = Reserve(Interop.Align(length));
        MemoryMarshal.Write(target, (ushort)length);
        MemoryMarshal.Write(target[2..], (ushort)type);
        payload.CopyTo(target[Interop.AttributeHeaderLength..]);
    }

    /// <summary>Writes an attribute without payload, whose presence is its meaning.</summary>
    public void Flag(int type) => Bytes(type, []);

    /// <summary>Writes an 8-bit attribute.</summary>
    public void U8(int type, byte value) => Bytes(type, [value]);

    /// <summary>Writes a 16-bit attribute.</summary>
    public void U16(int type, ushort value) => Scalar(type, value);

    /// <summary>Writes a 32-bit attribute.</summary>
    public void U32(int type, uint value) => Scalar(type, value);

    /// <summary>Writes a signed 32-bit attribute, such as an interface index.</summary>
    public void S32(int type, int value) => Scalar(type, value);

    /// <summary>Writes a 64-bit attribute.</summary>
    public void U64(int type, ulong value) => Scalar(type, value);

    /// <summary>Writes text with the NUL at its end that NLA_NUL_STRING wants.</summary>
    /// <exception cref="ArgumentException">The text holds a NUL itself: the kernel would see a shorter name than the caller meant.</exception>
    public void Text(int type, string value)
    {
        if (value.Contains('\0', StringComparison.Ordinal))
            throw new ArgumentException("text for netlink must not contain NUL", nameof(value));
        Bytes(type, Encoding.UTF8.GetBytes(value + "\0"));
    }

    /// <summary>Writes an address in network byte order: 4 bytes for IPv4, 16 for IPv6.</summary>
    public void Address(int type, IPAddress address) => Bytes(type, address.GetAddressBytes());

    /// <summary>
    /// Starts an attribute that holds attributes; disposing the result ends it. Generic netlink checks the NLA_F_NESTED flag; rtnetlink
    /// does not, and iproute2 leaves it away where older kernels did not know it.
    /// </summary>
    public Nesting Nested(int type, bool flag = true)
    {
        var start = Length;
        var target = Reserve(Interop.AttributeHeaderLength);
        MemoryMarshal.Write(target[2..], (ushort)(flag ? type | Interop.NLA_F_NESTED : type));
        return new Nesting(this, start);
    }

    internal int BeginMessage(ushort type, ushort flags, uint sequence)
    {
        var start = Length;
        var target = Reserve(Interop.HeaderLength);
        MemoryMarshal.Write(target[4..], type);
        MemoryMarshal.Write(target[6..], flags);
        MemoryMarshal.Write(target[8..], sequence);
        return start;
    }

    internal void EndMessage(int start) => MemoryMarshal.Write(_buffer.AsSpan(start), (uint)(Length - start));

    internal void Clear() => Length = 0;

    private void EndNested(int start)
    {
        var length = Length - start;
        if (length > ushort.MaxValue)
            throw new ArgumentException($"{length} bytes do not fit a nested netlink attribute");
        MemoryMarshal.Write(_buffer.AsSpan(start), (ushort)length);
    }

    private void Scalar<T>(int type, T value) where T : unmanaged => Bytes(type, MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in value)));

    // The bytes handed out are zero, so that padding never carries what an earlier message left in the buffer.
    private Span<byte> Reserve(int count)
    {
        if (_buffer.Length - Length < count)
            Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, Length + count));
        var span = _buffer.AsSpan(Length, count);
        span.Clear();
        Length += count;
        return span;
    }

    /// <summary>An attribute that is still open; disposing it writes its length.</summary>
    public readonly ref struct Nesting
    {
        private readonly NetlinkWriter _writer;
        private readonly int _start;

        internal Nesting(NetlinkWriter writer, int start) => (_writer, _start) = (writer, start);

        /// <summary>Ends the attribute.</summary>
        /// <exception cref="ArgumentException">Its content is longer than 65,531 bytes.</exception>
        public void Dispose() => _writer.EndNested(_start);
    }
}
