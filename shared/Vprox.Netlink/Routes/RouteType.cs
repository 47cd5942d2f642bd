namespace Vprox.Netlink;

/// <summary>What a route does with packets (RTN_*, rtnetlink.h).</summary>
public enum RouteType
{
    /// <summary>Not said.</summary>
    Unspecified = 0,
    /// <summary>Sends them on.</summary>
    Unicast = 1,
    /// <summary>Takes them: the address is this host's.</summary>
    Local = 2,
    /// <summary>Takes them as broadcast, sends them as broadcast.</summary>
    Broadcast = 3,
    /// <summary>Takes them as broadcast, sends them as unicast.</summary>
    Anycast = 4,
    /// <summary>Multicast.</summary>
    Multicast = 5,
    /// <summary>Drops them silently.</summary>
    Blackhole = 6,
    /// <summary>Drops them and answers ICMP host unreachable; local senders get EHOSTUNREACH.</summary>
    Unreachable = 7,
    /// <summary>Drops them and answers ICMP administratively prohibited; local senders get EACCES.</summary>
    Prohibit = 8,
    /// <summary>Goes on with the next rule.</summary>
    Throw = 9,
}
