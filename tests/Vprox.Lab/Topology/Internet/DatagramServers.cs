using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Vprox.Lab.Topology.Internet;

/// <summary>UDP servers.</summary>
internal static class DatagramServers
{
    public static Task EchoAsync(IPEndPoint at, CancellationToken cancel) => ServeAsync(at, (_, datagram) => datagram, cancel);

    public static Task WhoAsync(IPEndPoint at, CancellationToken cancel) =>
        ServeAsync(at, (from, _) => Encoding.ASCII.GetBytes(from.ToString()!), cancel);

    private static async Task ServeAsync(IPEndPoint at, Func<EndPoint, ReadOnlyMemory<byte>, ReadOnlyMemory<byte>> answer, CancellationToken cancel)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(at);
        var buffer = new byte[64 * 1024];
        while (!cancel.IsCancellationRequested)
        {
            var received = await socket.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0), cancel);
            try
            {
                await socket.SendToAsync(answer(received.RemoteEndPoint, buffer.AsMemory(0, received.ReceivedBytes)), received.RemoteEndPoint, cancel);
            }
            catch (SocketException)
            {
                // No way back to the sender; the next one may have one.
            }
        }
    }
}
