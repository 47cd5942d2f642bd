namespace Vprox.Netlink;

/// <summary>Numbers of include/uapi/linux/rtnetlink.h for routes.</summary>
internal static class RouteAttribute
{
    public const int RTA_DST = 1;
    public const int RTA_SRC = 2;
    public const int RTA_IIF = 3;
    public const int RTA_OIF = 4;
    public const int RTA_GATEWAY = 5;
    public const int RTA_PRIORITY = 6;
    public const int RTA_PREFSRC = 7;
    public const int RTA_TABLE = 15;
    public const int RTA_MARK = 16;

    public const byte RT_SCOPE_UNIVERSE = 0;
    public const byte RT_SCOPE_LINK = 253;
    public const byte RT_SCOPE_HOST = 254;
    public const byte RT_SCOPE_NOWHERE = 255;

    public const uint RTNH_F_ONLINK = 4;
    public const uint RTM_F_LOOKUP_TABLE = 0x1000;
}
