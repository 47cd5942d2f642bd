using System.Net.Sockets;

namespace Vprox.Scenarios.Flows.Server;

/// <summary>Sends back what comes.</summary>
internal sealed class EchoConnection(Socket socket, EventLoop loop) : Connection(socket, loop)
{
    protected override SocketError Take(ReadOnlySpan<byte> bytes) => Outbox.Write(bytes);

    protected override SocketError Tick() => Outbox.Flush();
}
