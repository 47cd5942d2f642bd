namespace Vprox.Netlink;

/// <summary>struct rtmsg.</summary>
internal readonly record struct RouteHeader(
    byte Family, byte DestinationLength, byte SourceLength, byte Tos, byte Table, byte Protocol, byte Scope, byte Type, uint Flags)
{
    /// <summary>The header's table field has 8 bits; a larger number goes into RTA_TABLE and leaves it zero.</summary>
    public static byte ShortTable(uint table) => table <= byte.MaxValue ? (byte)table : (byte)0;
}
