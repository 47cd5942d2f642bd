namespace Vprox.Netlink;

/// <summary>What an nft counter has counted since it was made (nft_counter_do_eval, net/netfilter/nft_counter.c).</summary>
/// <param name="Packets">Packets as the IP stack handles them: segments that a receiver merged (GRO), or a sender has not parted yet (GSO), are one.</param>
/// <param name="Bytes">Their bytes from the IP header on, of such a packet with one header.</param>
public readonly record struct NftCount(ulong Packets, ulong Bytes);
