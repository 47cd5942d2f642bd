using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Tmds.Linux;
using static Tmds.Linux.LibC;

namespace Vprox.Netlink;

/// <summary>An AF_NETLINK socket (netlink(7)) of the network namespace that the opening thread was in.</summary>
internal sealed unsafe class NetlinkSocket : INetlinkTransport
{
    // The kernel answers a request before send returns, so this only bounds a hang; the RTNL lock can be held for seconds on a busy machine.
    private const int ReceiveTimeoutSeconds = 30;

    // What a multicast listener has not read yet, or a batch's acknowledgements, must fit; rmem_max does not bound SO_RCVBUFFORCE (socket(7)).
    private const int ReceiveBufferBytes = 1 << 20;

    private readonly SafeFileHandle _handle;

    // Large enough for every dump datagram (the kernel makes them at most 32 KiB); grows when a single message is larger.
    private byte[] _buffer = new byte[64 * 1024];

    private NetlinkSocket(SafeFileHandle handle) => _handle = handle;

    public static NetlinkSocket Open(int protocol)
    {
        var socket = new NetlinkSocket(OpenHandle(protocol, groups: 0));
        try
        {
            var timeout = stackalloc long[2] { ReceiveTimeoutSeconds, 0 };
            Check(setsockopt(socket.Descriptor, SOL_SOCKET, SO_RCVTIMEO, timeout, 2 * sizeof(long)), "setsockopt SO_RCVTIMEO");
            SetOption(socket.Descriptor, Interop.NETLINK_CAP_ACK, "NETLINK_CAP_ACK");
            SetOption(socket.Descriptor, Interop.NETLINK_EXT_ACK, "NETLINK_EXT_ACK");
            SetOption(socket.Descriptor, Interop.NETLINK_GET_STRICT_CHK, "NETLINK_GET_STRICT_CHK");
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Opens and binds a socket that listens to multicast groups given as bits, group 1 being the lowest.</summary>
    internal static SafeFileHandle OpenHandle(int protocol, uint groups)
    {
        var descriptor = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, protocol);
        Check(descriptor, "socket AF_NETLINK");
        var handle = new SafeFileHandle(descriptor, ownsHandle: true);
        Span<byte> address = stackalloc byte[Interop.SocketAddressLength];
        address.Clear();
        MemoryMarshal.Write(address, (ushort)AF_NETLINK);
        MemoryMarshal.Write(address[8..], groups);
        fixed (byte* pointer = address)
        {
            var bytes = ReceiveBufferBytes;
            // Refused without CAP_NET_ADMIN: then what the system gives must do.
            if (setsockopt(descriptor, SOL_SOCKET, Interop.SO_RCVBUFFORCE, &bytes, sizeof(int)) < 0)
                Check(setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof(int)), "setsockopt SO_RCVBUF");
            if (bind(descriptor, (sockaddr*)pointer, Interop.SocketAddressLength) == 0)
                return handle;
        }
        var error = Failed("bind AF_NETLINK");
        handle.Dispose();
        throw error;
    }

    /// <summary>The same as a .NET socket: .NET cannot make one itself, but waits on one that is given to it.</summary>
    internal static System.Net.Sockets.Socket OpenListener(int protocol, uint groups)
    {
        using var handle = OpenHandle(protocol, groups);
        var listener = new System.Net.Sockets.Socket(new System.Net.Sockets.SafeSocketHandle(handle.DangerousGetHandle(), ownsHandle: true));
        handle.SetHandleAsInvalid();
        return listener;
    }

    public void Send(ReadOnlySpan<byte> datagram)
    {
        fixed (byte* pointer = datagram)
        {
            while (true)
            {
                // Unconnected sockets send to port id 0, the kernel.
                var sent = (long)send(Descriptor, pointer, datagram.Length, 0);
                if (sent == datagram.Length)
                    return;
                if (sent >= 0)
                    throw new NetlinkException($"netlink took {sent} of {datagram.Length} bytes");
                if (errno != EINTR)
                    throw Failed("send to netlink");
            }
        }
    }

    public ReadOnlySpan<byte> Receive()
    {
        while (true)
        {
            // Asking for the length first, as iproute2 does, is what makes a message larger than the buffer no loss.
            var length = ReceiveFrom(MSG_PEEK | MSG_TRUNC, out _);
            if (length > _buffer.Length)
                _buffer = new byte[length];
            length = ReceiveFrom(MSG_TRUNC, out var sender);
            if (length > _buffer.Length)
                throw new NetlinkException($"a netlink datagram of {length} bytes was cut to {_buffer.Length}");
            // Any process with the right capability can send to this socket; only port id 0 is the kernel.
            if (sender == 0)
                return _buffer.AsSpan(0, length);
        }
    }

    public void Dispose() => _handle.Dispose();

    // NetlinkConnection's lock keeps Dispose out while the number is in use; afterwards it could name another file.
    private int Descriptor
    {
        get
        {
            ObjectDisposedException.ThrowIf(_handle.IsClosed, this);
            return (int)_handle.DangerousGetHandle();
        }
    }

    private int ReceiveFrom(int flags, out uint sender)
    {
        Span<byte> address = stackalloc byte[Interop.SocketAddressLength];
        fixed (byte* pointer = _buffer, addressPointer = address)
        {
            while (true)
            {
                socklen_t addressLength = Interop.SocketAddressLength;
                var received = (long)recvfrom(Descriptor, pointer, _buffer.Length, flags, (sockaddr*)addressPointer, &addressLength);
                if (received >= 0)
                {
                    sender = MemoryMarshal.Read<uint>(address[4..]);
                    return (int)received;
                }
                if (errno != EINTR)
                    throw Failed("receive from netlink");
            }
        }
    }

    private static void SetOption(int descriptor, int option, string name)
    {
        var on = 1;
        Check(setsockopt(descriptor, SOL_NETLINK, option, &on, sizeof(int)), $"setsockopt {name}");
    }

    private static void Check(int result, string operation)
    {
        if (result < 0)
            throw Failed(operation);
    }

    private static NetlinkException Failed(string operation) => new(new NetlinkError(operation, (Errno)errno));
}
