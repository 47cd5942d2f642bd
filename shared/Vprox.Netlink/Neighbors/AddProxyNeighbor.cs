using System.Net;

namespace Vprox.Netlink;

/// <summary>Makes this host answer ARP for an address on a link, when forwarding is on. Adding it twice changes nothing.</summary>
/// <param name="LinkIndex">Index of the link.</param>
/// <param name="Address">The address to answer for.</param>
public sealed record AddProxyNeighbor(int LinkIndex, IPAddress Address) : RouteRequest
{
    /// <inheritdoc/>
    public override string Command => Words("ip neigh add proxy", $"{Address}", Device(LinkIndex));

    internal override ushort MessageType => RouteMessage.RTM_NEWNEIGH;

    internal override ushort Flags => Interop.NLM_F_CREATE | Interop.NLM_F_EXCL;

    internal override void Write(NetlinkWriter writer)
    {
        writer.Header(NeighborMessage.Of(LinkIndex, NeighborState.Permanent, NeighborMessage.NTF_PROXY));
        writer.Address(NeighborMessage.NDA_DST, Address);
    }
}
