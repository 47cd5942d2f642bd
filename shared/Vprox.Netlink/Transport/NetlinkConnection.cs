namespace Vprox.Netlink;

/// <summary>Requests and answers over one socket: sequence numbers, acknowledgements, multipart dumps. Safe for several threads.</summary>
internal sealed class NetlinkConnection(INetlinkTransport transport) : IDisposable
{
    // Acknowledgements of one send wait in the receive buffer: 128 of about 1 KiB stay within the default net.core.rmem_default of 208 KiB.
    internal const int BatchSize = 128;

    // A table that changes during every one of this many dumps is under attack or broken; callers reconcile again later anyway.
    internal const int DumpAttempts = 20;

    private readonly Lock _gate = new();
    private readonly NetlinkWriter _writer = new();
    private uint _sequence;

    /// <summary>Sends all requests, many in one datagram, and returns each one's reply. A refused request does not stop the later ones.</summary>
    public NetlinkReply[] Execute(IReadOnlyList<NetlinkRequest> requests)
    {
        lock (_gate)
        {
            var replies = new NetlinkReply[requests.Count];
            for (var start = 0; start < requests.Count; start += BatchSize)
                ExecuteBatch(requests, start, replies.AsSpan(start, Math.Min(BatchSize, requests.Count - start)));
            return replies;
        }
    }

    /// <summary>Sends one request and returns its reply.</summary>
    public NetlinkReply Execute(NetlinkRequest request) => Execute([request])[0];

    /// <summary>Reads a whole table, again from its start when it changed meanwhile (NLM_F_DUMP_INTR) or messages were lost (ENOBUFS).</summary>
    /// <exception cref="NetlinkException">The kernel refused, or the table never held still.</exception>
    public IReadOnlyList<NetlinkMessage> Dump(NetlinkRequest request)
    {
        lock (_gate)
        {
            for (var attempt = 0; attempt < DumpAttempts; attempt++)
            {
                var messages = new List<NetlinkMessage>();
                if (TryDump(request, (in message) => messages.Add(message.Copy())))
                    return messages;
            }
            throw new NetlinkException($"{request.Operation}: the table changed during each of {DumpAttempts} reads");
        }
    }

    /// <summary>
    /// Shows every message of a dump without keeping it, for a table that is large and changes all the time: it is read once. What changes
    /// meanwhile may be seen or not.
    /// </summary>
    /// <exception cref="NetlinkException">The kernel refused.</exception>
    public void Visit(NetlinkRequest request, NetlinkVisitor visit)
    {
        lock (_gate)
            TryDump(request, visit);
    }

    public void Dispose()
    {
        lock (_gate)
            transport.Dispose();
    }

    private void ExecuteBatch(IReadOnlyList<NetlinkRequest> requests, int start, Span<NetlinkReply> replies)
    {
        var first = _sequence + 1;
        _writer.Clear();
        for (var i = 0; i < replies.Length; i++)
            requests[start + i].AppendTo(_writer, ++_sequence, Interop.NLM_F_REQUEST | Interop.NLM_F_ACK);
        transport.Send(_writer.Written);

        var messages = new List<NetlinkMessage>?[replies.Length];
        var pending = replies.Length;
        while (pending > 0)
        {
            var reader = new NetlinkMessageReader(transport.Receive());
            while (reader.MoveNext())
            {
                // Anything outside this batch is a late answer to a request that was given up.
                var index = reader.Sequence - first;
                if (index >= replies.Length || replies[(int)index] is not null)
                    continue;
                if (reader.Type == Interop.NLMSG_ERROR)
                {
                    var error = Acknowledgement.Read(requests[start + (int)index].Operation, reader.Type, reader.Flags, reader.Payload);
                    replies[(int)index] = new NetlinkReply(messages[index] ?? [], error);
                    pending--;
                }
                else if (reader.Type != Interop.NLMSG_NOOP)
                {
                    (messages[index] ??= []).Add(reader.Copy());
                }
            }
        }
    }

    // False when the dump has to be done again. It is read to its end first: the kernel refuses (EBUSY) a second one beside it.
    private bool TryDump(NetlinkRequest request, NetlinkVisitor visit)
    {
        _writer.Clear();
        var sequence = ++_sequence;
        request.AppendTo(_writer, sequence, Interop.NLM_F_REQUEST | Interop.NLM_F_DUMP);
        transport.Send(_writer.Written);

        var interrupted = false;
        while (true)
        {
            ReadOnlySpan<byte> datagram;
            try
            {
                datagram = transport.Receive();
            }
            catch (NetlinkException lost) when (lost.Errno == Errno.ENOBUFS)
            {
                interrupted = true;
                continue;
            }
            var reader = new NetlinkMessageReader(datagram);
            while (reader.MoveNext())
            {
                if (reader.Sequence != sequence)
                    continue;
                interrupted |= (reader.Flags & Interop.NLM_F_DUMP_INTR) != 0;
                if (reader.Type is Interop.NLMSG_DONE or Interop.NLMSG_ERROR)
                {
                    if (Acknowledgement.Read(request.Operation, reader.Type, reader.Flags, reader.Payload) is { } error)
                        throw new NetlinkException(error);
                    return !interrupted;
                }
                if (reader.Type != Interop.NLMSG_NOOP)
                    visit(reader);
            }
        }
    }
}
