using System.Net;
using System.Net.NetworkInformation;

namespace Vprox.Netlink;

public sealed partial class RouteNetlink
{
    /// <summary>The ARP tables of all links, without proxy entries.</summary>
    /// <exception cref="NetlinkException">The kernel refused.</exception>
    public IReadOnlyList<Neighbor> Neighbors() => Neighbors("ip -4 neigh show", 0);

    /// <summary>The addresses that this host answers ARP for.</summary>
    /// <exception cref="NetlinkException">The kernel refused.</exception>
    public IReadOnlyList<Neighbor> ProxyNeighbors() => Neighbors("ip -4 neigh show proxy", NeighborMessage.NTF_PROXY);

    private List<Neighbor> Neighbors(string operation, byte flags) =>
        [.. Dump(operation, RouteMessage.RTM_GETNEIGH, RouteMessage.RTM_NEWNEIGH, writer => writer.Header(NeighborMessage.Of(0, NeighborState.None, flags)))
            .Select(ReadNeighbor)];

    internal static Neighbor ReadNeighbor(NetlinkMessage message)
    {
        var header = NetlinkReader.Header<NeighborMessage>(message.Payload, out var attributes);
        IPAddress? address = null;
        PhysicalAddress? hardwareAddress = null;
        foreach (var attribute in attributes)
        {
            if (attribute.Type == NeighborMessage.NDA_DST)
                address = attribute.Ipv4();
            else if (attribute.Type == NeighborMessage.NDA_LLADDR)
                hardwareAddress = new PhysicalAddress(attribute.Payload.ToArray());
        }
        return new Neighbor
        {
            LinkIndex = header.LinkIndex,
            Address = address ?? throw new NetlinkException($"ip -4 neigh show: the kernel listed a neighbour on link {header.LinkIndex} without its address"),
            State = (NeighborState)header.State,
            HardwareAddress = hardwareAddress,
            IsProxy = (header.Flags & NeighborMessage.NTF_PROXY) != 0,
        };
    }
}
