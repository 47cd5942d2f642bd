using System.Net;

namespace Vprox.Netlink;

/// <summary>Deletes an entry of the ARP table. ENOENT when there is none.</summary>
/// <param name="LinkIndex">Index of the link.</param>
/// <param name="Address">The neighbour's IPv4 address.</param>
public sealed record DeleteNeighbor(int LinkIndex, IPAddress Address) : RouteRequest
{
    /// <inheritdoc/>
    public override string Command => Words("ip neigh delete", $"{Address}", Device(LinkIndex));

    internal override ushort MessageType => RouteMessage.RTM_DELNEIGH;

    internal override ushort Flags => 0;

    internal override void Write(NetlinkWriter writer)
    {
        writer.Header(NeighborMessage.Of(LinkIndex, NeighborState.Permanent, 0));
        writer.Address(NeighborMessage.NDA_DST, Address);
    }
}
