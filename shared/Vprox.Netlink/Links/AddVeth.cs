using System.Net.NetworkInformation;

namespace Vprox.Netlink;

/// <summary>Makes a veth pair; both ends are down. EEXIST when either name is taken in its namespace.</summary>
/// <param name="Name">This end's name.</param>
/// <param name="PeerName">The other end's name.</param>
public sealed record AddVeth(string Name, string PeerName) : RouteRequest
{
    /// <summary>Namespace that the other end is made in; null for this one.</summary>
    public NamespaceReference? PeerNamespace { get; init; }

    /// <summary>Largest packet in bytes on both ends; null for 1500.</summary>
    public int? Mtu { get; init; }

    /// <summary>This end's MAC address; null for a random one.</summary>
    public PhysicalAddress? HardwareAddress { get; init; }

    /// <summary>The other end's MAC address; null for a random one.</summary>
    public PhysicalAddress? PeerHardwareAddress { get; init; }

    /// <inheritdoc/>
    public override string Command => Words(
        "ip link add", Name, Word("address", LinkSettings.Text(HardwareAddress)), Word("mtu", Mtu), "type veth peer name", PeerName,
        Word("address", LinkSettings.Text(PeerHardwareAddress)), Word("mtu", Mtu), Word("netns", PeerNamespace));

    internal override ushort MessageType => RouteMessage.RTM_NEWLINK;

    internal override ushort Flags => Interop.NLM_F_CREATE | Interop.NLM_F_EXCL;

    internal override void Write(NetlinkWriter writer)
    {
        writer.Header(default(LinkHeader));
        LinkSettings.Write(writer, Name, Mtu, HardwareAddress);
        using (writer.Nested(LinkAttribute.IFLA_LINKINFO, flag: false))
        {
            writer.Bytes(LinkAttribute.IFLA_INFO_KIND, LinkSettings.Kind(LinkKind.Veth));
            using (writer.Nested(LinkAttribute.IFLA_INFO_DATA, flag: false))
            using (writer.Nested(LinkAttribute.VETH_INFO_PEER, flag: false))
            {
                writer.Header(default(LinkHeader));
                LinkSettings.Write(writer, PeerName, Mtu, PeerHardwareAddress, PeerNamespace);
            }
        }
    }
}
