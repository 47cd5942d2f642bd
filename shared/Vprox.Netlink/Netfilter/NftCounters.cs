using System.Buffers.Binary;

namespace Vprox.Netlink;

/// <summary>
/// Reads the named counters of a table (include/uapi/linux/netfilter/nf_tables.h): one request of some microseconds, where libnftables would
/// read and parse the table. Safe for several threads.
/// </summary>
public sealed class NftCounters : IDisposable
{
    private const int NFNL_SUBSYS_NFTABLES = 10;
    private const ushort NFT_MSG_NEWOBJ = (NFNL_SUBSYS_NFTABLES << 8) | 18;
    private const ushort NFT_MSG_GETOBJ = (NFNL_SUBSYS_NFTABLES << 8) | 19;
    private const byte NFPROTO_INET = 1;
    private const int NFTA_OBJ_TABLE = 1;
    private const int NFTA_OBJ_NAME = 2;
    private const int NFTA_OBJ_TYPE = 3;
    private const int NFTA_OBJ_DATA = 4;
    private const int NFTA_COUNTER_PACKETS = 2;
    private const byte NFT_OBJECT_COUNTER = 1;

    private readonly NetlinkConnection _connection;

    private NftCounters(NetlinkConnection connection) => _connection = connection;

    /// <summary>Opens a socket in the calling thread's network namespace; it stays there whatever thread uses it.</summary>
    /// <exception cref="NetlinkException">The kernel refused.</exception>
    public static NftCounters Open() => new(new NetlinkConnection(NetlinkSocket.Open(Interop.NETLINK_NETFILTER)));

    /// <summary>Packets that each counter of a table of family inet has counted, by name; empty when there is no such table.</summary>
    /// <exception cref="NetlinkException">The kernel refused.</exception>
    public IReadOnlyDictionary<string, long> Packets(string table)
    {
        var counters = new Dictionary<string, long>();
        _connection.Visit(
            new NetlinkRequest($"nft list counters table inet {table}", NFT_MSG_GETOBJ, 0, writer =>
            {
                writer.Header(new NetfilterHeader(NFPROTO_INET, 0, 0));
                writer.Text(NFTA_OBJ_TABLE, table);
                writer.Bytes(NFTA_OBJ_TYPE, [0, 0, 0, NFT_OBJECT_COUNTER]);
            }),
            (in message) =>
            {
                if (message.Type == NFT_MSG_NEWOBJ && Read(message.Payload) is ({ } name, { } packets))
                    counters[name] = packets;
            });
        return counters;
    }

    /// <summary>Closes the socket.</summary>
    public void Dispose() => _connection.Dispose();

    private static (string? Name, long? Packets) Read(ReadOnlySpan<byte> payload)
    {
        var (name, packets) = ((string?)null, (long?)null);
        NetlinkReader.Header<NetfilterHeader>(payload, out var attributes);
        foreach (var attribute in attributes)
        {
            if (attribute.Type == NFTA_OBJ_NAME)
                name = attribute.Text();
            else if (attribute.Type == NFTA_OBJ_DATA)
            {
                foreach (var datum in attribute.Nested())
                {
                    if (datum.Type == NFTA_COUNTER_PACKETS && datum.Payload.Length == sizeof(long))
                        packets = BinaryPrimitives.ReadInt64BigEndian(datum.Payload);
                }
            }
        }
        return (name, packets);
    }
}
