namespace Vprox.Netlink;

/// <summary>A generic netlink family as the running kernel numbered it.</summary>
/// <param name="Id">The message type of its messages.</param>
/// <param name="Name">Its name, e.g. wireguard.</param>
/// <param name="Version">The highest version of its commands.</param>
public sealed record GenericNetlinkFamily(ushort Id, string Name, byte Version);
