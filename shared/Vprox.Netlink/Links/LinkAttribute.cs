namespace Vprox.Netlink;

/// <summary>Numbers of include/uapi/linux/if_link.h, if.h and veth.h.</summary>
internal static class LinkAttribute
{
    public const int IFLA_ADDRESS = 1;
    public const int IFLA_IFNAME = 3;
    public const int IFLA_MTU = 4;
    public const int IFLA_LINK = 5;
    public const int IFLA_MASTER = 10;
    public const int IFLA_LINKINFO = 18;
    public const int IFLA_EXT_MASK = 29;
    public const int IFLA_LINK_NETNSID = 37;

    public const int IFLA_INFO_KIND = 1;
    public const int IFLA_INFO_DATA = 2;
    public const int VETH_INFO_PEER = 1;

    public const uint IFF_UP = 0x1;
    public const uint IFF_LOOPBACK = 0x8;
    public const uint IFF_LOWER_UP = 0x10000;

    /// <summary>Leaves the statistics out of the answer.</summary>
    public const uint RTEXT_FILTER_SKIP_STATS = 8;

    /// <summary>IFNAMSIZ without the NUL.</summary>
    public const int NameLength = 15;
}
