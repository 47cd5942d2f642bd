namespace Vprox.Netlink;

/// <summary>struct ifinfomsg.</summary>
internal readonly record struct LinkHeader(byte Family, byte Padding, ushort Type, int Index, uint Flags, uint Change);
