namespace Vprox.Netlink;

/// <summary>A netlink operation failed, or an answer could not be understood. The message holds operation, errno and the kernel's words.</summary>
public sealed class NetlinkException : Exception
{
    /// <summary>An answer that breaks netlink's format.</summary>
    public NetlinkException(string message) : base(message) { }

    /// <summary>A request that the kernel refused.</summary>
    public NetlinkException(NetlinkError error) : base(error.ToString()) => Error = error;

    /// <summary>Several requests of which some were refused; the first one is told in full.</summary>
    public NetlinkException(NetlinkError first, int failures)
        : base(failures > 1 ? $"{first}; {failures - 1} more of the same batch failed" : first.ToString()) => Error = first;

    /// <summary>What the kernel answered; null when its answer could not be understood.</summary>
    public NetlinkError? Error { get; }

    /// <summary>The error number; <see cref="Netlink.Errno.None"/> when the kernel's answer could not be understood.</summary>
    public Errno Errno => Error?.Errno ?? Errno.None;
}
