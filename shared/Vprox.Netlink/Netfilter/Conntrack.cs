using System.Buffers.Binary;

namespace Vprox.Netlink;

/// <summary>
/// The connection tracking table of a network namespace, by ctnetlink (include/uapi/linux/netfilter/nfnetlink_conntrack.h). Safe for several
/// threads.
/// </summary>
public sealed class Conntrack : IDisposable
{
    private const int NFNL_SUBSYS_CTNETLINK = 1;
    private const ushort IPCTNL_MSG_CT_NEW = (NFNL_SUBSYS_CTNETLINK << 8) | 0;
    private const ushort IPCTNL_MSG_CT_GET = (NFNL_SUBSYS_CTNETLINK << 8) | 1;
    private const ushort IPCTNL_MSG_CT_GET_STATS_CPU = (NFNL_SUBSYS_CTNETLINK << 8) | 4;
    private const byte AF_INET = 2;
    private const int CTA_TUPLE_ORIG = 1;
    private const int CTA_TUPLE_REPLY = 2;
    private const int CTA_TUPLE_IP = 1;
    private const int CTA_TUPLE_PROTO = 2;
    private const int CTA_IP_V4_SRC = 1;
    private const int CTA_IP_V4_DST = 2;
    private const int CTA_PROTO_NUM = 1;
    private const int CTA_PROTO_SRC_PORT = 2;
    private const int CTA_PROTO_DST_PORT = 3;
    private const int CTA_STATS_INSERT_FAILED = 9;

    private readonly NetlinkConnection _connection;

    internal Conntrack(INetlinkTransport transport) => _connection = new NetlinkConnection(transport);

    /// <summary>Opens a socket in the calling thread's network namespace; it stays there whatever thread uses it.</summary>
    /// <exception cref="NetlinkException">The kernel refused.</exception>
    public static Conntrack Open() => new(NetlinkSocket.Open(Interop.NETLINK_NETFILTER));

    /// <summary>
    /// Shows every IPv4 flow as its answers come back, after translation: from the remote to the local address and port. The kernel walks its whole
    /// table for it.
    /// </summary>
    /// <exception cref="NetlinkException">The kernel has no ctnetlink, or refused.</exception>
    public void Visit(Action<ReplyTuple> visit) => VisitFlows(flow => visit(flow.Reply));

    /// <summary>Shows every IPv4 flow with its source before translation, as <see cref="Visit"/> does.</summary>
    /// <exception cref="NetlinkException">The kernel has no ctnetlink, or refused.</exception>
    public void VisitFlows(Action<Flow> visit) => _connection.Visit(
        new NetlinkRequest("conntrack -L -f ipv4", IPCTNL_MSG_CT_GET, 0, writer => writer.Header(new NetfilterHeader(AF_INET, 0, 0))),
        (in message) =>
        {
            if (message.Type == IPCTNL_MSG_CT_NEW && ReadFlow(message.Payload) is { } flow)
                visit(flow);
        });

    /// <summary>
    /// How many first packets were dropped because their flow, as translated, was there already; nearly always: no port was free. Since the
    /// namespace was made, all CPUs together.
    /// </summary>
    /// <exception cref="NetlinkException">The kernel has no ctnetlink, or refused.</exception>
    public long InsertFailures()
    {
        var failures = 0L;
        _connection.Visit(
            new NetlinkRequest("conntrack -S", IPCTNL_MSG_CT_GET_STATS_CPU, 0, writer => writer.Header(default(NetfilterHeader))),
            (in message) =>
            {
                NetlinkReader.Header<NetfilterHeader>(message.Payload, out var attributes);
                foreach (var attribute in attributes)
                {
                    if (attribute.Type == CTA_STATS_INSERT_FAILED && attribute.Payload.Length == sizeof(uint))
                        failures += BinaryPrimitives.ReadUInt32BigEndian(attribute.Payload);
                }
            });
        return failures;
    }

    /// <summary>Closes the socket.</summary>
    public void Dispose() => _connection.Dispose();

    private static Flow? ReadFlow(ReadOnlySpan<byte> payload)
    {
        var (source, reply) = (0u, (ReplyTuple?)null);
        NetlinkReader.Header<NetfilterHeader>(payload, out var attributes);
        foreach (var attribute in attributes)
        {
            // Both tuples are alike: of the original one, the remote is whoever began.
            if (attribute.Type == CTA_TUPLE_ORIG)
                source = ReadTuple(attribute.Nested()).RemoteAddress;
            else if (attribute.Type == CTA_TUPLE_REPLY)
                reply = ReadTuple(attribute.Nested());
        }
        return reply is { } read ? new Flow(source, read) : null;
    }

    private static ReplyTuple ReadTuple(NetlinkReader tuple)
    {
        var read = default(ReplyTuple);
        foreach (var part in tuple)
        {
            if (part.Type == CTA_TUPLE_IP)
            {
                foreach (var address in part.Nested())
                {
                    if (address.Type == CTA_IP_V4_SRC)
                        read = read with { RemoteAddress = address.U32BigEndian() };
                    else if (address.Type == CTA_IP_V4_DST)
                        read = read with { LocalAddress = address.U32BigEndian() };
                }
            }
            else if (part.Type == CTA_TUPLE_PROTO)
            {
                foreach (var port in part.Nested())
                {
                    if (port.Type == CTA_PROTO_NUM)
                        read = read with { Protocol = port.U8() };
                    else if (port.Type == CTA_PROTO_SRC_PORT)
                        read = read with { RemotePort = port.U16BigEndian() };
                    else if (port.Type == CTA_PROTO_DST_PORT)
                        read = read with { LocalPort = port.U16BigEndian() };
                }
            }
        }
        return read;
    }
}
