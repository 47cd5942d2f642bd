namespace Vprox.Netlink;

/// <summary>struct ndmsg and the numbers of include/uapi/linux/neighbour.h.</summary>
internal readonly record struct NeighborMessage(byte Family, byte Padding1, ushort Padding2, int LinkIndex, ushort State, byte Flags, byte Type)
{
    public const int NDA_DST = 1;
    public const int NDA_LLADDR = 2;

    public const byte NTF_PROXY = 8;

    public static NeighborMessage Of(int linkIndex, NeighborState state, byte flags) =>
        new(RouteMessage.AF_INET, 0, 0, linkIndex, (ushort)state, flags, 0);
}
