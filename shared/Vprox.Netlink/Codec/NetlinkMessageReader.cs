using System.Runtime.InteropServices;

namespace Vprox.Netlink;

/// <summary>Walks over the messages of a datagram (foreach), with every length checked.</summary>
internal ref struct NetlinkMessageReader(ReadOnlySpan<byte> datagram)
{
    private ReadOnlySpan<byte> _rest = datagram;

    public ushort Type { get; private set; }
    public ushort Flags { get; private set; }
    public uint Sequence { get; private set; }
    public ReadOnlySpan<byte> Payload { get; private set; }

    public bool MoveNext()
    {
        if (_rest.IsEmpty)
            return false;
        if (_rest.Length < Interop.HeaderLength)
            throw new NetlinkException($"malformed netlink datagram: {_rest.Length} bytes are left over");
        var length = MemoryMarshal.Read<uint>(_rest);
        if (length < Interop.HeaderLength || length > _rest.Length)
            throw new NetlinkException($"malformed netlink message: length {length} of {_rest.Length} bytes");
        Type = MemoryMarshal.Read<ushort>(_rest[4..]);
        Flags = MemoryMarshal.Read<ushort>(_rest[6..]);
        Sequence = MemoryMarshal.Read<uint>(_rest[8..]);
        Payload = _rest[Interop.HeaderLength..(int)length];
        _rest = _rest[Math.Min(Interop.Align((int)length), _rest.Length)..];
        return true;
    }

    public readonly NetlinkMessage Copy() => new(Type, Flags, Sequence, Payload.ToArray());
}
