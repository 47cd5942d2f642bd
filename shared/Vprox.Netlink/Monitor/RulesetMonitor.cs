using System.Buffers.Binary;
using System.Net.Sockets;

namespace Vprox.Netlink;

/// <summary>
/// Tells which transactions of nftables changed one table of family inet: the kernel names the table of every object that changed, then the ruleset's
/// new number (nf_tables_api.c). So whoever knows what a table held at one number knows whether it still holds it at a later one, without a listing.
/// What this process changes is told too. For one caller at a time.
/// </summary>
public sealed class RulesetMonitor : IDisposable
{
    // include/uapi/linux/netfilter/nfnetlink.h and nf_tables.h; NFNLGRP_NFTABLES, 7, as the bit that bind takes.
    private const uint Group = 1u << 6;
    private const int NFNL_SUBSYS_NFTABLES = 10;
    private const ushort NFT_MSG_NEWGEN = (NFNL_SUBSYS_NFTABLES << 8) | 15;
    private const int NFTA_GEN_ID = 1;
    private const byte NFPROTO_INET = 1;

    // The first attribute of a table, chain, rule, set, element, object or flow table.
    private const int NFTA_TABLE = 1;

    // Without an end, a ruleset that never stops changing would never be reported.
    private const int GatherLimit = 10_000;

    // A number is there before the transaction's messages are.
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(20);

    private readonly Socket _socket;
    private readonly string _table;
    private readonly byte[] _buffer = new byte[64 * 1024];

    // By number: whether that transaction changed the table.
    private readonly SortedDictionary<uint, bool> _told = [];
    private uint _newest;
    private bool _touched;

    private RulesetMonitor(Socket socket, string table) => (_socket, _table) = (socket, table);

    /// <summary>Starts to listen in the calling thread's network namespace.</summary>
    /// <param name="table">The table's name.</param>
    /// <exception cref="NetlinkException">The kernel refused.</exception>
    public static RulesetMonitor Open(string table) => new(NetlinkSocket.OpenListener(Interop.NETLINK_NETFILTER, Group), table);

    /// <summary>Waits for a transaction that changed the table, or may have. What <see cref="Changes"/> tells of is forgotten.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        do
        {
            _told.Clear();
            try
            {
                Take(_buffer.AsSpan(0, await _socket.ReceiveAsync(_buffer, SocketFlags.None, cancellationToken)));
            }
            catch (SocketException lost) when (lost.SocketErrorCode == SocketError.NoBufferSpaceAvailable)
            {
                // Of the transaction whose messages come next the first may be missing.
                _touched = true;
                return;
            }
        }
        while (!_told.ContainsValue(true));
    }

    /// <summary>How many transactions changed the table between two numbers of <see cref="RulesetGeneration"/>.</summary>
    /// <param name="after">The earlier number, read since this listens; earlier ones are forgotten.</param>
    /// <param name="upTo">The later number.</param>
    /// <returns>Null when it is not known: the kernel had to drop messages.</returns>
    public int? Changes(uint after, uint upTo)
    {
        Gather(upTo);
        while (_told.Count > 0 && _told.Keys.First() <= after)
            _told.Remove(_told.Keys.First());
        var between = _told.TakeWhile(told => told.Key <= upTo).ToList();
        return after <= upTo && between.Count == upTo - after ? between.Count(told => told.Value) : null;
    }

    /// <summary>Stops listening.</summary>
    public void Dispose() => _socket.Dispose();

    private void Gather(uint upTo)
    {
        for (var datagrams = 0; datagrams < GatherLimit && _socket.Poll(_newest >= upTo ? TimeSpan.Zero : Patience, SelectMode.SelectRead); datagrams++)
        {
            try
            {
                Take(_buffer.AsSpan(0, _socket.Receive(_buffer)));
            }
            catch (SocketException lost) when (lost.SocketErrorCode == SocketError.NoBufferSpaceAvailable)
            {
                // Of the transaction whose messages come next the first may be missing.
                _touched = true;
            }
        }
    }

    private void Take(ReadOnlySpan<byte> datagram)
    {
        var reader = new NetlinkMessageReader(datagram);
        try
        {
            while (reader.MoveNext())
            {
                var header = NetlinkReader.Header<NetfilterHeader>(reader.Payload, out var attributes);
                if (reader.Type == NFT_MSG_NEWGEN)
                    End(attributes);
                else
                    _touched |= header.Family == NFPROTO_INET && IsOurs(attributes);
            }
        }
        catch (NetlinkException)
        {
            // What cannot be read may have been about the table.
            _touched = true;
        }
    }

    private void End(NetlinkReader attributes)
    {
        foreach (var attribute in attributes)
        {
            if (attribute.Type == NFTA_GEN_ID && attribute.Payload.Length == sizeof(uint))
                _told[_newest = BinaryPrimitives.ReadUInt32BigEndian(attribute.Payload)] = _touched;
        }
        _touched = false;
    }

    private bool IsOurs(NetlinkReader attributes)
    {
        foreach (var attribute in attributes)
        {
            if (attribute.Type == NFTA_TABLE)
                return attribute.Text() == _table;
        }
        // Nobody knows whose it was.
        return true;
    }
}
