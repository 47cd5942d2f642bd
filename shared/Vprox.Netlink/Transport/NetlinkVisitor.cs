namespace Vprox.Netlink;

/// <summary>Looks at one message of a dump, which is gone afterwards.</summary>
internal delegate void NetlinkVisitor(in NetlinkMessageReader message);
