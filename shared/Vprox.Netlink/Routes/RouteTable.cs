namespace Vprox.Netlink;

/// <summary>The routing tables that every namespace has (rtnetlink.h); others are plain numbers up to 2^32-1.</summary>
public static class RouteTable
{
    /// <summary>The table of routes without another.</summary>
    public const uint Main = 254;

    /// <summary>Local and broadcast addresses; the kernel keeps it.</summary>
    public const uint Local = 255;
}
