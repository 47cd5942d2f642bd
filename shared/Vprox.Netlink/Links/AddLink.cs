using System.Net.NetworkInformation;

namespace Vprox.Netlink;

/// <summary>Makes a link of a kind without parameters (<see cref="LinkKind"/>): bridge, wireguard, ifb. It is down. EEXIST when the name is taken; EOPNOTSUPP when the kernel lacks the kind.</summary>
/// <param name="Name">Interface name, at most 15 bytes.</param>
/// <param name="Kind">The kernel's name of the kind.</param>
public sealed record AddLink(string Name, string Kind) : RouteRequest
{
    /// <summary>Interface index to use, so that a request in the same batch can name it; null lets the kernel choose.</summary>
    public int? Index { get; init; }

    /// <summary>Largest packet in bytes; null for the kind's default.</summary>
    public int? Mtu { get; init; }

    /// <summary>MAC address; null for a random one.</summary>
    public PhysicalAddress? HardwareAddress { get; init; }

    /// <inheritdoc/>
    public override string Command => Words("ip link add", Name, Word("index", Index), Word("address", LinkSettings.Text(HardwareAddress)), Word("mtu", Mtu), $"type {Kind}");

    internal override ushort MessageType => RouteMessage.RTM_NEWLINK;

    internal override ushort Flags => Interop.NLM_F_CREATE | Interop.NLM_F_EXCL;

    internal override void Write(NetlinkWriter writer)
    {
        writer.Header(new LinkHeader(RouteMessage.AF_UNSPEC, 0, 0, Index ?? 0, 0, 0));
        LinkSettings.Write(writer, Name, Mtu, HardwareAddress);
        using (writer.Nested(LinkAttribute.IFLA_LINKINFO, flag: false))
            writer.Bytes(LinkAttribute.IFLA_INFO_KIND, LinkSettings.Kind(Kind));
    }
}
