using System.Net.Sockets;

namespace Vprox.Netlink;

/// <summary>
/// Tells whether traffic control of a network namespace changed, so that hundreds of classes need not be read again to see that they did not. What goes
/// together with a deleted link is not told. For one caller.
/// </summary>
public sealed class TrafficMonitor : IDisposable
{
    // RTNLGRP_TC of rtnetlink.h, 4, as the bit that bind takes.
    private const uint Group = 1u << 3;

    private readonly Socket _socket;
    private readonly byte[] _buffer = new byte[64 * 1024];

    private TrafficMonitor(Socket socket) => _socket = socket;

    /// <summary>Starts to listen in the calling thread's network namespace.</summary>
    /// <exception cref="NetlinkException">The kernel refused.</exception>
    public static TrafficMonitor Open() => new(NetlinkSocket.OpenListener(Interop.NETLINK_ROUTE, Group));

    /// <summary>True when a qdisc, class or filter came, went or changed since the last call; also when the kernel could not tell all.</summary>
    public bool HasChanged()
    {
        var changed = false;
        while (_socket.Poll(0, SelectMode.SelectRead))
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
