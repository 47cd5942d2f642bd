using System.Net;
using System.Net.Sockets;

namespace Vprox.Failover.Core.Liveness;

/// <summary>
/// Where a node may be probed. The URL comes from the bus: nothing but https on an IPv4 address is taken, so that whoever has the bus
/// can't have Failover ask what names and schemes it likes.
/// </summary>
public static class ProbeTarget
{
    /// <summary>The address and port of https://ADDRESS[:PORT][/]; null for anything else.</summary>
    public static IPEndPoint? Parse(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri is { Scheme: "https", HostNameType: UriHostNameType.IPv4, UserInfo: "", PathAndQuery: "/", Fragment: "" }
        && IPAddress.TryParse(uri.Host, out var address) && address.AddressFamily == AddressFamily.InterNetwork
        && address.GetAddressBytes()[0] is > 0 and < 224 && uri.Port is > 0 and <= 65535
            ? new IPEndPoint(address, uri.Port)
            : null;
}
