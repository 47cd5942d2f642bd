namespace Vprox.Netlink;

/// <summary>Error numbers of Linux (asm-generic/errno.h) that netlink answers with; others appear as their bare number.</summary>
public enum Errno
{
    /// <summary>No error.</summary>
    None = 0,
    /// <summary>Operation not permitted: CAP_NET_ADMIN is missing.</summary>
    EPERM = 1,
    /// <summary>No such file or directory: also what rules and generic netlink families that do not exist give.</summary>
    ENOENT = 2,
    /// <summary>No such process: also what a route that does not exist gives.</summary>
    ESRCH = 3,
    /// <summary>Interrupted system call.</summary>
    EINTR = 4,
    /// <summary>Bad file descriptor, e.g. of a namespace.</summary>
    EBADF = 9,
    /// <summary>Nothing arrived within the receive timeout.</summary>
    EAGAIN = 11,
    /// <summary>Out of memory.</summary>
    ENOMEM = 12,
    /// <summary>Permission denied.</summary>
    EACCES = 13,
    /// <summary>Device or resource busy.</summary>
    EBUSY = 16,
    /// <summary>It exists already.</summary>
    EEXIST = 17,
    /// <summary>No such device: a link that does not exist.</summary>
    ENODEV = 19,
    /// <summary>Invalid argument; the kernel's message says which.</summary>
    EINVAL = 22,
    /// <summary>Numerical result out of range, e.g. of an attribute.</summary>
    ERANGE = 34,
    /// <summary>No data available.</summary>
    ENODATA = 61,
    /// <summary>Message too long for the socket.</summary>
    EMSGSIZE = 90,
    /// <summary>Operation not supported: also a link kind that the kernel lacks.</summary>
    EOPNOTSUPP = 95,
    /// <summary>Address already in use.</summary>
    EADDRINUSE = 98,
    /// <summary>Cannot assign requested address: an address that is not on the link.</summary>
    EADDRNOTAVAIL = 99,
    /// <summary>Network is down: a route over a link that is not up.</summary>
    ENETDOWN = 100,
    /// <summary>Network is unreachable: no route, or a gateway that is not on the link.</summary>
    ENETUNREACH = 101,
    /// <summary>The socket's receive buffer overflowed and messages were lost.</summary>
    ENOBUFS = 105,
    /// <summary>No route to host: an unreachable route.</summary>
    EHOSTUNREACH = 113,
}
