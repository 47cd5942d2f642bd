using System.Runtime.InteropServices;

namespace Vprox.Netlink;

/// <summary>Reads NLMSG_ERROR and NLMSG_DONE with their extended ACK attributes (Documentation/userspace-api/netlink/intro.rst).</summary>
internal static class Acknowledgement
{
    /// <summary>Null when the message says success.</summary>
    public static NetlinkError? Read(string operation, ushort type, ushort flags, ReadOnlySpan<byte> payload)
    {
        if (payload.Length < sizeof(int))
            // Old kernels end a dump without a number.
            return type == Interop.NLMSG_DONE ? null : throw new NetlinkException($"{operation}: the acknowledgement is cut short");
        var number = MemoryMarshal.Read<int>(payload);
        if (number >= 0)
            return null;
        var words = default(string);
        var offset = default(int?);
        if ((flags & Interop.NLM_F_ACK_TLVS) != 0)
        {
            foreach (var attribute in new NetlinkReader(payload[AttributesStart(type, flags, payload)..]))
            {
                if (attribute.Type == Interop.NLMSGERR_ATTR_MSG)
                    words = attribute.Text();
                else if (attribute.Type == Interop.NLMSGERR_ATTR_OFFS)
                    offset = attribute.S32();
            }
        }
        return new NetlinkError(operation, (Errno)(-number), words, offset);
    }

    // After the number comes the request's header and, unless the kernel capped it, the request itself. DONE has only the number.
    private static int AttributesStart(ushort type, ushort flags, ReadOnlySpan<byte> payload)
    {
        if (type == Interop.NLMSG_DONE)
            return sizeof(int);
        var start = (long)sizeof(int) + Interop.HeaderLength;
        if (payload.Length < start)
            throw new NetlinkException("malformed netlink acknowledgement: the request's header is missing");
        if ((flags & Interop.NLM_F_CAPPED) == 0)
            start = sizeof(int) + (((long)MemoryMarshal.Read<uint>(payload[sizeof(int)..]) + 3) & ~3L);
        return start <= payload.Length
            ? (int)start
            : throw new NetlinkException("malformed netlink acknowledgement: the request in it is cut short");
    }
}
