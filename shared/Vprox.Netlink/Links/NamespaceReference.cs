using System.Globalization;
using System.Runtime.InteropServices;

namespace Vprox.Netlink;

/// <summary>Names a network namespace in a link request.</summary>
public readonly record struct NamespaceReference
{
    // include/uapi/linux/if_link.h
    private const int IFLA_NET_NS_PID = 19;
    private const int IFLA_NET_NS_FD = 28;

    private NamespaceReference(int attribute, uint value) => (Attribute, Value) = (attribute, value);

    private int Attribute { get; }

    private uint Value { get; }

    /// <summary>The namespace that a process is in.</summary>
    public static NamespaceReference OfProcess(int id) => new(IFLA_NET_NS_PID, (uint)id);

    /// <summary>The namespace of an open file such as /run/netns/NAME. The file must stay open until the request was executed.</summary>
    public static NamespaceReference OfDescriptor(SafeHandle file) => new(IFLA_NET_NS_FD, (uint)file.DangerousGetHandle());

    /// <summary>As ip link takes it: a process id, or the file of this process.</summary>
    public override string ToString() => Attribute == IFLA_NET_NS_FD
        ? string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{Value}")
        : Value.ToString(CultureInfo.InvariantCulture);

    internal void Write(NetlinkWriter writer)
    {
        if (Attribute == 0)
            throw new ArgumentException("a namespace reference names no namespace");
        writer.U32(Attribute, Value);
    }
}
