using System.Net.Sockets;

namespace Vprox.Netlink;

/// <summary>
/// Tells that links, addresses, routes or rules of a network namespace changed, so that a reconciler looks at once and not at its next
/// round only. Changes that this process makes are told too. For one caller at a time.
/// </summary>
public sealed class RouteMonitor : IDisposable
{
    // RTNLGRP_* of rtnetlink.h as the bits that bind takes: LINK 1, IPV4_IFADDR 5, IPV4_ROUTE 7, IPV4_RULE 8.
    private const uint Groups = 1u << 0 | 1u << 4 | 1u << 6 | 1u << 7;

    // Without an end, a table that never stops changing would never be reported.
    private const int GatherLimit = 10_000;

    private readonly Socket _socket;
    private readonly byte[] _buffer = new byte[64 * 1024];

    private RouteMonitor(Socket socket) => _socket = socket;

    /// <summary>Starts to listen in the calling thread's network namespace; what changes from now on is kept for <see cref="WaitAsync"/>.</summary>
    /// <exception cref="NetlinkException">The kernel refused.</exception>
    public static RouteMonitor Open() => new(NetlinkSocket.OpenListener(Interop.NETLINK_ROUTE, Groups));

    /// <summary>Waits for the next change and returns all that has been told until now. When the kernel had to drop messages, it is <see cref="RouteChanges.All"/>.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task<RouteChanges> WaitAsync(CancellationToken cancellationToken)
    {
        var changes = RouteChanges.None;
        // What was already told is gathered too: a thousand new rules are one reason to look, not a thousand.
        for (var datagrams = 0; changes == RouteChanges.None || (datagrams < GatherLimit && _socket.Poll(0, SelectMode.SelectRead)); datagrams++)
        {
            try
            {
                var length = await _socket.ReceiveAsync(_buffer, SocketFlags.None, cancellationToken);
                changes |= Read(_buffer.AsSpan(0, length));
            }
            catch (SocketException lost) when (lost.SocketErrorCode == SocketError.NoBufferSpaceAvailable)
            {
                changes = RouteChanges.All;
            }
        }
        return changes;
    }

    /// <summary>
    /// What has changed since the last call, without waiting: none when nothing was told. Read what it names after the call, and nothing is missed.
    /// When the kernel had to drop messages, it is <see cref="RouteChanges.All"/>.
    /// </summary>
    public RouteChanges Seen()
    {
        var changes = RouteChanges.None;
        for (var datagrams = 0; datagrams < GatherLimit && _socket.Poll(0, SelectMode.SelectRead); datagrams++)
        {
            try
            {
                changes |= Read(_buffer.AsSpan(0, _socket.Receive(_buffer)));
            }
            catch (SocketException lost) when (lost.SocketErrorCode == SocketError.NoBufferSpaceAvailable)
            {
                changes = RouteChanges.All;
            }
        }
        return changes;
    }

    /// <summary>Stops listening; a pending wait ends with an error.</summary>
    public void Dispose() => _socket.Dispose();

    internal static RouteChanges Read(ReadOnlySpan<byte> datagram)
    {
        var changes = RouteChanges.None;
        var reader = new NetlinkMessageReader(datagram);
        try
        {
            while (reader.MoveNext())
            {
                changes |= reader.Type switch
                {
                    RouteMessage.RTM_NEWLINK or RouteMessage.RTM_DELLINK => RouteChanges.Links,
                    RouteMessage.RTM_NEWADDR or RouteMessage.RTM_DELADDR => RouteChanges.Addresses,
                    RouteMessage.RTM_NEWROUTE or RouteMessage.RTM_DELROUTE => RouteChanges.Routes,
                    RouteMessage.RTM_NEWRULE or RouteMessage.RTM_DELRULE => RouteChanges.Rules,
                    _ => RouteChanges.None,
                };
            }
            return changes;
        }
        catch (NetlinkException)
        {
            // What cannot be read is a reason to look at everything.
            return RouteChanges.All;
        }
    }
}
