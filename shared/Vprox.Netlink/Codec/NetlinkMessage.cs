namespace Vprox.Netlink;

/// <summary>A message as it was received.</summary>
internal readonly record struct NetlinkMessage(ushort Type, ushort Flags, uint Sequence, byte[] Payload);
