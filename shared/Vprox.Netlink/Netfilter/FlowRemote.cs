using System.Globalization;
using Vprox.Addressing;

namespace Vprox.Netlink;

/// <summary>The other end of a flow. A port of ours is free or in use for each of them apart.</summary>
/// <param name="Protocol">IPPROTO_TCP 6, IPPROTO_UDP 17, …</param>
/// <param name="Address">A number in host order.</param>
/// <param name="Port">0 for protocols without ports.</param>
public readonly record struct FlowRemote(byte Protocol, uint Address, ushort Port)
{
    private const byte Udp = 17;

    /// <summary>As in "203.0.113.7:443/tcp".</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Ipv4.FromUInt32(Address)}:{Port}/{(Protocol == Udp ? "udp" : "tcp")}");
}
