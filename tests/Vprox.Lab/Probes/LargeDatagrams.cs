using System.Net;
using System.Net.Sockets;
using Vprox.Lab.Namespaces;

namespace Vprox.Lab.Probes;

/// <summary>A UDP socket whose packets must not be cut (DF, RFC 1191), to see what the kernel learns of the path from ICMP.</summary>
public sealed class LargeDatagrams : IDisposable
{
    // ip(7)
    private const int IP_MTU_DISCOVER = 10;
    private const int IP_MTU = 14;
    private const int IP_PMTUDISC_DO = 2;
    private const int Headers = 28;

    private readonly Socket _socket;

    /// <summary>Opens it in a namespace.</summary>
    /// <param name="place">Where.</param>
    /// <param name="from">Its own address and port; port 0 takes any.</param>
    /// <param name="to">Where it sends to.</param>
    public LargeDatagrams(NetworkNamespace place, IPEndPoint from, IPEndPoint to) => _socket = place.Run(() =>
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.SetRawSocketOption((int)ProtocolType.IP, IP_MTU_DISCOVER, BitConverter.GetBytes(IP_PMTUDISC_DO));
        socket.Bind(from);
        socket.Connect(to);
        return socket;
    });

    /// <summary>Sends a packet of that many bytes, headers included, and says what the path takes as far as the kernel knows by then.</summary>
    public int MtuAfterSending(int bytes)
    {
        try
        {
            _socket.Send(new byte[bytes - Headers]);
        }
        catch (SocketException refused) when (refused.SocketErrorCode is SocketError.MessageSize or SocketError.ConnectionRefused)
        {
            // It has been told, of the size or that nobody listens there.
        }
        var mtu = new byte[sizeof(int)];
        _socket.GetRawSocketOption((int)ProtocolType.IP, IP_MTU, mtu);
        return BitConverter.ToInt32(mtu);
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();
}
