using System.Net;

namespace Vprox.Netlink;

/// <summary>Takes an IPv4 address from a link. EADDRNOTAVAIL when it is not there. Unless net.ipv4.conf.*.promote_secondaries is set, deleting the first address of a prefix deletes the others of it too.</summary>
/// <param name="LinkIndex">Index of the link.</param>
/// <param name="Address">The address.</param>
/// <param name="PrefixLength">Its prefix length as it was added.</param>
public sealed record DeleteAddress(int LinkIndex, IPAddress Address, int PrefixLength) : RouteRequest
{
    /// <inheritdoc/>
    public override string Command => Words("ip address delete", $"{Address}/{PrefixLength}", Device(LinkIndex));

    internal override ushort MessageType => RouteMessage.RTM_DELADDR;

    internal override ushort Flags => 0;

    internal override void Write(NetlinkWriter writer) => AddressMessage.Write(writer, LinkIndex, Address, PrefixLength);
}
