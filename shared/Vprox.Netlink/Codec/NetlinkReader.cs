using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Vprox.Netlink;

/// <summary>
/// Walks over netlink attributes (foreach). Every length is checked against what is there: malformed input throws, and never loops or
/// reads past the end.
/// </summary>
public ref struct NetlinkReader
{
    private ReadOnlySpan<byte> _rest;

    /// <summary>Reads attributes, the first of which starts at the span's start.</summary>
    public NetlinkReader(ReadOnlySpan<byte> attributes)
    {
        _rest = attributes;
        Current = default;
    }

    /// <summary>The attribute that <see cref="MoveNext"/> found.</summary>
    public NetlinkAttribute Current { get; private set; }

    /// <summary>For foreach.</summary>
    public readonly NetlinkReader GetEnumerator() => this;

    /// <summary>Goes to the next attribute; false at the end.</summary>
    /// <exception cref="NetlinkException">The attribute's length is impossible.</exception>
    public bool MoveNext()
    {
        if (_rest.IsEmpty)
            return false;
        if (_rest.Length < Interop.AttributeHeaderLength)
            throw new NetlinkException($"malformed netlink attributes: {_rest.Length} bytes are left over");
        var length = MemoryMarshal.Read<ushort>(_rest);
        var type = MemoryMarshal.Read<ushort>(_rest[2..]);
        // A length below the header's own would never advance.
        if (length < Interop.AttributeHeaderLength || length > _rest.Length)
            throw new NetlinkException($"malformed netlink attribute {type & Interop.NLA_TYPE_MASK}: length {length} of {_rest.Length} bytes");
        Current = new NetlinkAttribute((ushort)(type & Interop.NLA_TYPE_MASK), _rest[Interop.AttributeHeaderLength..length]);
        // The last attribute may lack its padding.
        _rest = _rest[Math.Min(Interop.Align(length), _rest.Length)..];
        return true;
    }

    /// <summary>Reads a family's fixed header from the start of a message's payload; attributes follow at the next multiple of 4.</summary>
    /// <exception cref="NetlinkException">The payload is shorter than the header.</exception>
    public static T Header<T>(ReadOnlySpan<byte> payload, out NetlinkReader attributes) where T : unmanaged
    {
        if (!MemoryMarshal.TryRead<T>(payload, out var header))
            throw new NetlinkException($"malformed netlink message: {payload.Length} bytes are too few for {typeof(T).Name}");
        attributes = new NetlinkReader(payload[Math.Min(Interop.Align(Unsafe.SizeOf<T>()), payload.Length)..]);
        return header;
    }
}
