using System.Net.Sockets;

namespace Vprox.Scenarios.Flows.Server;

/// <summary>Once asked, writes a record every 250 ms whatever becomes of them.</summary>
internal sealed class PushConnection(Socket socket, EventLoop loop) : Connection(socket, loop)
{
    private readonly byte[] _record = new byte[Record.Size];
    private bool _asked;
    private long _sent;

    protected override SocketError Take(ReadOnlySpan<byte> bytes)
    {
        _asked = true;
        return SocketError.Success;
    }

    protected override SocketError Tick()
    {
        if (!_asked)
            return SocketError.Success;
        Record.Write(_record, ++_sent);
        return Outbox.Write(_record);
    }
}
