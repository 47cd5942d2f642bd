namespace Vprox.Netlink;

/// <summary>Datagrams to and from the kernel; tests put a script in its place.</summary>
internal interface INetlinkTransport : IDisposable
{
    /// <summary>Sends one datagram, which may hold several messages.</summary>
    void Send(ReadOnlySpan<byte> datagram);

    /// <summary>The next datagram from the kernel, whole; valid until the next call. Throws ENOBUFS when the kernel had to drop some.</summary>
    ReadOnlySpan<byte> Receive();
}
