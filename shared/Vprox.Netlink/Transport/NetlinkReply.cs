namespace Vprox.Netlink;

/// <summary>What came back for one request: messages, and null or why it was refused.</summary>
internal sealed record NetlinkReply(IReadOnlyList<NetlinkMessage> Messages, NetlinkError? Error);
