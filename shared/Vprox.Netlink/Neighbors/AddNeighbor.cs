using System.Net;
using System.Net.NetworkInformation;

namespace Vprox.Netlink;

/// <summary>Sets a neighbour's MAC address for good, whether the entry exists or not.</summary>
/// <param name="LinkIndex">Index of the link.</param>
/// <param name="Address">The neighbour's IPv4 address.</param>
/// <param name="HardwareAddress">Its MAC address.</param>
public sealed record AddNeighbor(int LinkIndex, IPAddress Address, PhysicalAddress HardwareAddress) : RouteRequest
{
    /// <inheritdoc/>
    public override string Command => Words("ip neigh replace", $"{Address}", $"lladdr {LinkSettings.Text(HardwareAddress)}", "nud permanent", Device(LinkIndex));

    internal override ushort MessageType => RouteMessage.RTM_NEWNEIGH;

    internal override ushort Flags => Interop.NLM_F_CREATE | Interop.NLM_F_REPLACE;

    internal override void Write(NetlinkWriter writer)
    {
        writer.Header(NeighborMessage.Of(LinkIndex, NeighborState.Permanent, 0));
        writer.Address(NeighborMessage.NDA_DST, Address);
        writer.Bytes(NeighborMessage.NDA_LLADDR, HardwareAddress.GetAddressBytes());
    }
}
