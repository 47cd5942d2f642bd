using System.Net.Sockets;

namespace Vprox.Netlink;

/// <summary>
/// Tells whether something in a network namespace changed, so that hundreds of classes or settings need not be read again to see that they did not. What
/// goes together with a deleted link is not told. For one caller.
/// </summary>
public sealed class ChangeMonitor : IDisposable
{
    // RTNLGRP_TC and RTNLGRP_IPV4_NETCONF of rtnetlink.h, 4 and 24, as the bits that bind takes.
    private const uint Traffic = 1u << 3;
    private const uint Netconf = 1u << 23;

    // Without an end, what never stops changing would never be reported.
    private const int GatherLimit = 10_000;

    private readonly Socket _socket;
    private readonly byte[] _buffer = new byte[64 * 1024];

    private ChangeMonitor(uint group) => _socket = NetlinkSocket.OpenListener(Interop.NETLINK_ROUTE, group);

    /// <summary>Listens in the calling thread's network namespace for qdiscs, classes and filters.</summary>
    /// <exception cref="NetlinkException">The kernel refused.</exception>
    public static ChangeMonitor OfTraffic() => new(Traffic);

    /// <summary>
    /// Listens in the calling thread's network namespace for those settings below net/ipv4/conf that the kernel tells of: forwarding, rp_filter, mc_forwarding,
    /// bc_forwarding, proxy_arp and ignore_routes_with_linkdown (devinet_conf_proc, net/ipv4/devinet.c).
    /// </summary>
    /// <exception cref="NetlinkException">The kernel refused.</exception>
    public static ChangeMonitor OfLinkSettings() => new(Netconf);

    /// <summary>True when something came, went or changed since the last call; also when the kernel could not tell all.</summary>
    public bool HasChanged()
    {
        var changed = false;
        for (var datagrams = 0; datagrams < GatherLimit && _socket.Poll(0, SelectMode.SelectRead); datagrams++)
        {
            changed = true;
            try
            {
                _socket.Receive(_buffer);
            }
            catch (SocketException lost) when (lost.SocketErrorCode == SocketError.NoBufferSpaceAvailable)
            {
                // What was lost was a change too.
            }
        }
        return changed;
    }

    /// <summary>Stops listening.</summary>
    public void Dispose() => _socket.Dispose();
}
