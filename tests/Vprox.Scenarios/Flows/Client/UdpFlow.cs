using System.Net;
using System.Net.Sockets;

namespace Vprox.Scenarios.Flows.Client;

/// <summary>
/// Both ends write every 250 ms. Single datagrams may be lost, but the server must go on to hear this flow from the address and port it
/// heard it from first, and the client must go on to hear the server.
/// </summary>
internal sealed class UdpFlow(FlowSpec spec, Socket socket, long clientStarted) : Flow(spec, socket, clientStarted)
{
    private readonly byte[] _datagram = new byte[Datagram.Size];
    private long _sent;
    private long _heard;
    private IPEndPoint? _source;

    protected override long Unheard => _sent - _heard;

    public override void Tick()
    {
        Datagram.WriteUp(_datagram, Spec.Id, ++_sent);
        // An ICMP error shows up here and concerns a datagram that is lost anyway.
        Socket.Send(_datagram, SocketFlags.None, out _);
    }

    public override void Read()
    {
        while (true)
        {
            var size = Socket.Receive(_datagram, SocketFlags.None, out var error);
            if (error == SocketError.WouldBlock)
                return;
            if (error != SocketError.Success || size != Datagram.Size)
                continue;
            var (heard, source) = Datagram.ReadDown(_datagram);
            _source ??= source;
            if (!source.Equals(_source))
                Break($"was seen as {_source} and then as {source}");
            _heard = Math.Max(_heard, heard);
            Arrived();
        }
    }
}
