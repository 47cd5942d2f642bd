namespace Vprox.Netlink;

/// <summary>struct nfgenmsg of include/uapi/linux/netfilter/nfnetlink.h.</summary>
internal readonly record struct NetfilterHeader(byte Family, byte Version, ushort ResourceId);
