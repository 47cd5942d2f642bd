using System.Net;

namespace Vprox.Netlink;

/// <summary>Makes this host no longer answer ARP for an address on a link. ENOENT when it did not.</summary>
/// <param name="LinkIndex">Index of the link.</param>
/// <param name="Address">The address.</param>
public sealed record DeleteProxyNeighbor(int LinkIndex, IPAddress Address) : RouteRequest
{
    /// <inheritdoc/>
    public override string Command => Words("ip neigh delete proxy", $"{Address}", Device(LinkIndex));

    internal override ushort MessageType => RouteMessage.RTM_DELNEIGH;

    internal override ushort Flags => 0;

    internal override void Write(NetlinkWriter writer)
    {
        writer.Header(NeighborMessage.Of(LinkIndex, NeighborState.Permanent, NeighborMessage.NTF_PROXY));
        writer.Address(NeighborMessage.NDA_DST, Address);
    }
}
