using System.Buffers.Binary;

namespace Vprox.Netlink;

/// <summary>
/// The number of the nftables ruleset of a network namespace: every committed transaction, whoever's, adds one (nft_base_seq,
/// net/netfilter/nf_tables_api.c). While it stays the same nothing in any table has changed, counters and set timeouts aside.
/// Safe for several threads.
/// </summary>
public sealed class RulesetGeneration : IDisposable
{
    // include/uapi/linux/netfilter/nfnetlink.h and nf_tables.h
    private const int NFNL_SUBSYS_NFTABLES = 10;
    private const ushort NFT_MSG_NEWGEN = (NFNL_SUBSYS_NFTABLES << 8) | 15;
    private const ushort NFT_MSG_GETGEN = (NFNL_SUBSYS_NFTABLES << 8) | 16;
    private const int NFTA_GEN_ID = 1;

    private readonly NetlinkConnection _connection;

    private RulesetGeneration(NetlinkConnection connection) => _connection = connection;

    /// <summary>Opens a socket in the calling thread's network namespace.</summary>
    /// <exception cref="NetlinkException">The kernel refused.</exception>
    public static RulesetGeneration Open() => new(new NetlinkConnection(NetlinkSocket.Open(Interop.NETLINK_NETFILTER)));

    /// <summary>The number now.</summary>
    /// <exception cref="NetlinkException">The kernel has no nftables, or refused.</exception>
    public uint Read()
    {
        var reply = _connection.Execute(new NetlinkRequest("nft generation", NFT_MSG_GETGEN, 0, writer => writer.Header(default(NetfilterHeader))));
        if (reply.Error is { } error)
            throw new NetlinkException(error);
        foreach (var message in reply.Messages.Where(message => message.Type == NFT_MSG_NEWGEN))
        {
            NetlinkReader.Header<NetfilterHeader>(message.Payload, out var attributes);
            foreach (var attribute in attributes)
            {
                if (attribute.Type == NFTA_GEN_ID && attribute.Payload.Length == sizeof(uint))
                    return BinaryPrimitives.ReadUInt32BigEndian(attribute.Payload);
            }
        }
        throw new NetlinkException("nft generation: the kernel answered without the number");
    }

    /// <summary>Closes the socket.</summary>
    public void Dispose() => _connection.Dispose();
}
