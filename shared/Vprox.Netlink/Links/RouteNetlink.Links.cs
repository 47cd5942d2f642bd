using System.Net.NetworkInformation;

namespace Vprox.Netlink;

public sealed partial class RouteNetlink
{
    /// <summary>All links, by index.</summary>
    /// <exception cref="NetlinkException">The kernel refused.</exception>
    public IReadOnlyList<Link> Links() =>
        [.. Dump("ip link show", RouteMessage.RTM_GETLINK, RouteMessage.RTM_NEWLINK, writer => WriteLinkQuery(writer, 0)).Select(ReadLink)];

    /// <summary>The link of a name; null when there is none.</summary>
    /// <exception cref="ArgumentException">Not an interface name: empty, over 15 bytes, or with a slash or white space.</exception>
    /// <exception cref="NetlinkException">The kernel refused otherwise.</exception>
    public Link? Link(string name)
    {
        LinkName.Check(name);
        var operation = $"ip link show dev {name}";
        var reply = _connection.Execute(new NetlinkRequest(operation, RouteMessage.RTM_GETLINK, 0, writer =>
        {
            WriteLinkQuery(writer, 0);
            writer.Text(LinkAttribute.IFLA_IFNAME, name);
        }));
        return reply.Error switch
        {
            null => ReadLink(Answer(reply, operation, RouteMessage.RTM_NEWLINK)),
            { Errno: Errno.ENODEV } => null,
            var error => throw new NetlinkException(error),
        };
    }

    private static void WriteLinkQuery(NetlinkWriter writer, int index)
    {
        writer.Header(new LinkHeader(RouteMessage.AF_UNSPEC, 0, 0, index, 0, 0));
        writer.U32(LinkAttribute.IFLA_EXT_MASK, LinkAttribute.RTEXT_FILTER_SKIP_STATS);
    }

    internal static Link ReadLink(NetlinkMessage message)
    {
        var header = NetlinkReader.Header<LinkHeader>(message.Payload, out var attributes);
        var link = new Link
        {
            Index = header.Index,
            Name = "",
            IsUp = (header.Flags & LinkAttribute.IFF_UP) != 0,
            HasCarrier = (header.Flags & LinkAttribute.IFF_LOWER_UP) != 0,
            IsLoopback = (header.Flags & LinkAttribute.IFF_LOOPBACK) != 0,
        };
        foreach (var attribute in attributes)
        {
            link = attribute.Type switch
            {
                LinkAttribute.IFLA_IFNAME => link with { Name = attribute.Text() },
                LinkAttribute.IFLA_MTU => link with { Mtu = attribute.S32() },
                LinkAttribute.IFLA_ADDRESS when attribute.Payload.Length > 0 => link with { HardwareAddress = new PhysicalAddress(attribute.Payload.ToArray()) },
                LinkAttribute.IFLA_MASTER => link with { MasterIndex = attribute.S32() },
                LinkAttribute.IFLA_LINK when attribute.S32() != 0 => link with { PeerIndex = attribute.S32() },
                LinkAttribute.IFLA_LINK_NETNSID => link with { PeerNamespaceId = attribute.S32() },
                LinkAttribute.IFLA_LINKINFO => link with { Kind = ReadKind(attribute.Nested()) },
                _ => link,
            };
        }
        return link;
    }

    private static string? ReadKind(NetlinkReader information)
    {
        foreach (var attribute in information)
        {
            if (attribute.Type == LinkAttribute.IFLA_INFO_KIND)
                return attribute.Text();
        }
        return null;
    }
}
