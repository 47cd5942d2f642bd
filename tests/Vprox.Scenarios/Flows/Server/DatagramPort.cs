using System.Net;
using System.Net.Sockets;

namespace Vprox.Scenarios.Flows.Server;

/// <summary>A UDP port: writes every 250 ms to each client where it was heard last.</summary>
internal sealed class DatagramPort
{
    private readonly Socket _socket;
    private readonly EventLoop _loop;
    private readonly Dictionary<int, Client> _clients = [];
    private readonly byte[] _datagram = new byte[Datagram.Size];

    public DatagramPort(Socket socket, EventLoop loop)
    {
        (_socket, _loop) = (socket, loop);
        loop.Watch(socket, Read);
    }

    private void Read()
    {
        EndPoint source = new IPEndPoint(IPAddress.Any, 0);
        while (true)
        {
            try
            {
                if (_socket.Available == 0 || _socket.ReceiveFrom(_datagram, ref source) != Datagram.Size)
                    return;
            }
            catch (SocketException)
            {
                // An ICMP error to an earlier answer.
                return;
            }
            Hear((IPEndPoint)source);
        }
    }

    private void Hear(IPEndPoint source)
    {
        var (flow, number) = Datagram.ReadUp(_datagram);
        if (!_clients.TryGetValue(flow, out var client))
        {
            _clients[flow] = client = new Client(source);
            _loop.Every250Ms(flow, () => Push(client));
        }
        // Late datagrams count by where they come from all the same.
        client.Source = source;
        client.Heard = Math.Max(client.Heard, number);
    }

    private void Push(Client client)
    {
        Span<byte> datagram = stackalloc byte[Datagram.Size];
        Datagram.WriteDown(datagram, client.Heard, client.Source);
        try
        {
            _socket.SendTo(datagram, client.Source);
        }
        catch (SocketException)
        {
            // No way to it now.
        }
    }

    private sealed class Client(IPEndPoint source)
    {
        public IPEndPoint Source { get; set; } = source;

        public long Heard { get; set; }
    }
}
