using System.Net;
using Vprox.Addressing;

namespace Vprox.Netlink;

/// <summary>struct ifaddrmsg and the numbers of include/uapi/linux/if_addr.h.</summary>
internal readonly record struct AddressMessage(byte Family, byte PrefixLength, byte Flags, byte Scope, int LinkIndex)
{
    public const int IFA_ADDRESS = 1;
    public const int IFA_LOCAL = 2;
    public const int IFA_PROTO = 11;

    /// <summary>Writes what adding and deleting an address have in common; without a peer, iproute2 sends the address as both.</summary>
    public static void Write(NetlinkWriter writer, int linkIndex, IPAddress address, int prefixLength)
    {
        // Refuses lengths outside 0..32 and addresses that are not IPv4.
        var prefix = Ipv4Prefix.Containing(address, prefixLength);
        writer.Header(new AddressMessage(RouteMessage.AF_INET, prefix.Length, 0, 0, linkIndex));
        writer.Address(IFA_LOCAL, address);
        writer.Address(IFA_ADDRESS, address);
    }
}
