using System.Net;

namespace Vprox.Netlink;

public sealed partial class RouteNetlink
{
    /// <summary>All IPv4 addresses of all links.</summary>
    /// <exception cref="NetlinkException">The kernel refused.</exception>
    public IReadOnlyList<InterfaceAddress> Addresses() =>
        [.. Dump("ip -4 address show", RouteMessage.RTM_GETADDR, RouteMessage.RTM_NEWADDR, writer => writer.Header(new AddressMessage(RouteMessage.AF_INET, 0, 0, 0, 0)))
            .Select(ReadAddress)];

    internal static InterfaceAddress ReadAddress(NetlinkMessage message)
    {
        var header = NetlinkReader.Header<AddressMessage>(message.Payload, out var attributes);
        IPAddress? local = null;
        IPAddress? peer = null;
        byte protocol = 0;
        foreach (var attribute in attributes)
        {
            if (attribute.Type == AddressMessage.IFA_LOCAL)
                local = attribute.Ipv4();
            else if (attribute.Type == AddressMessage.IFA_ADDRESS)
                peer = attribute.Ipv4();
            else if (attribute.Type == AddressMessage.IFA_PROTO)
                protocol = attribute.U8();
        }
        // IFA_ADDRESS is the peer on point-to-point links and repeats the local address elsewhere (if_addr.h).
        var address = local ?? peer ?? throw new NetlinkException($"ip -4 address show: the kernel listed an address of link {header.LinkIndex} without the address");
        return new InterfaceAddress
        {
            LinkIndex = header.LinkIndex,
            Address = address,
            PrefixLength = header.PrefixLength,
            Protocol = protocol,
            Peer = address.Equals(peer) ? null : peer,
        };
    }
}
