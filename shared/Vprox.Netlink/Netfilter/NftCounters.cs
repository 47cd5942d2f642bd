using System.Buffers.Binary;

namespace Vprox.Netlink;

/// <summary>
/// Reads the named counters of a table (include/uapi/linux/netfilter/nf_tables.h): one request, where libnftables would
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
    private const int NFTA_COUNTER_BYTES = 1;
    private const int NFTA_COUNTER_PACKETS = 2;
    private const byte NFT_OBJECT_COUNTER = 1;

    private readonly NetlinkConnection _connection;

    private NftCounters(NetlinkConnection connection) => _connection = connection;

    /// <summary>Opens a socket in the calling thread's network namespace; it stays there whatever thread uses it.</summary>
    /// <exception cref="NetlinkException">The kernel refused.</exception>
    public static NftCounters Open() => new(new NetlinkConnection(NetlinkSocket.Open(Interop.NETLINK_NETFILTER)));

    /// <summary>What each counter of a table of family inet has counted, by name; empty when there is no such table.</summary>
    /// <exception cref="NetlinkException">The kernel refused, or the ruleset changed during each of several reads.</exception>
    public IReadOnlyDictionary<string, NftCount> Read(string table)
    {
        var counters = new Dictionary<string, NftCount>();
        var messages = _connection.Dump(new NetlinkRequest($"nft list counters table inet {table}", NFT_MSG_GETOBJ, 0, writer =>
        {
            writer.Header(new NetfilterHeader(NFPROTO_INET, 0, 0));
            writer.Text(NFTA_OBJ_TABLE, table);
            writer.Bytes(NFTA_OBJ_TYPE, [0, 0, 0, NFT_OBJECT_COUNTER]);
        }));
        foreach (var message in messages.Where(message => message.Type == NFT_MSG_NEWOBJ))
        {
            if (Parse(message.Payload) is ({ } name, { } count))
                counters[name] = count;
        }
        return counters;
    }

    /// <summary>Closes the socket.</summary>
    public void Dispose() => _connection.Dispose();

    private static (string? Name, NftCount? Count) Parse(ReadOnlySpan<byte> payload)
    {
        var (name, count) = ((string?)null, (NftCount?)null);
        NetlinkReader.Header<NetfilterHeader>(payload, out var attributes);
        foreach (var attribute in attributes)
        {
            if (attribute.Type == NFTA_OBJ_NAME)
                name = attribute.Text();
            else if (attribute.Type == NFTA_OBJ_DATA)
                count = Count(attribute.Nested());
        }
        return (name, count);
    }

    private static NftCount Count(NetlinkReader data)
    {
        var count = default(NftCount);
        foreach (var datum in data)
        {
            if (datum.Payload.Length != sizeof(ulong))
                continue;
            var value = BinaryPrimitives.ReadUInt64BigEndian(datum.Payload);
            count = datum.Type switch
            {
                NFTA_COUNTER_BYTES => count with { Bytes = value },
                NFTA_COUNTER_PACKETS => count with { Packets = value },
                _ => count,
            };
        }
        return count;
    }
}
