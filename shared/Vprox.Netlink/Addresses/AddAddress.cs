using System.Net;

namespace Vprox.Netlink;

/// <summary>Puts an IPv4 address on a link. EEXIST when it is there already.</summary>
/// <param name="LinkIndex">Index of the link.</param>
/// <param name="Address">The address.</param>
/// <param name="PrefixLength">0..32; below 32, the kernel adds a route to the prefix once the link is up.</param>
public sealed record AddAddress(int LinkIndex, IPAddress Address, int PrefixLength) : RouteRequest
{
    /// <summary>Who makes it, as with routes; 0 says nothing. Kernels before 5.18 do not keep it.</summary>
    public byte Protocol { get; init; }

    /// <inheritdoc/>
    public override string Command => Words(
        "ip address add", $"{Address}/{PrefixLength}", Device(LinkIndex), Protocol == 0 ? null : Word("proto", (byte?)Protocol));

    internal override ushort MessageType => RouteMessage.RTM_NEWADDR;

    internal override ushort Flags => Interop.NLM_F_CREATE | Interop.NLM_F_EXCL;

    internal override void Write(NetlinkWriter writer)
    {
        AddressMessage.Write(writer, LinkIndex, Address, PrefixLength);
        if (Protocol != 0)
            writer.U8(AddressMessage.IFA_PROTO, Protocol);
    }
}
