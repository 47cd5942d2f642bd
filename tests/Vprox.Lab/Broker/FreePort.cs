using System.Net;
using System.Net.Sockets;

namespace Vprox.Lab.Broker;

/// <summary>
/// A TCP port for a server that starts later. It lies below Linux's range of ephemeral ports (net.ipv4.ip_local_port_range, 32768 on): a
/// client that keeps trying such a port before the server listens would in the end be given it itself, and connect to itself.
/// </summary>
public static class FreePort
{
    /// <summary>A port of the address on which nothing listens now, 10000..32767.</summary>
    public static int Of(IPAddress address)
    {
        while (true)
        {
            var port = Random.Shared.Next(10000, 32768);
            using var listener = new TcpListener(address, port);
            try
            {
                listener.Start();
                return port;
            }
            catch (SocketException taken) when (taken.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                // Another one, then.
            }
        }
    }
}
