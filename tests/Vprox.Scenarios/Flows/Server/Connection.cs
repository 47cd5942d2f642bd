using System.Net.Sockets;

namespace Vprox.Scenarios.Flows.Server;

/// <summary>A TCP connection at the server.</summary>
internal abstract class Connection(Socket socket, EventLoop loop)
{
    private static int _phase;

    private readonly byte[] _buffer = new byte[4096];
    private readonly int _ownPhase = _phase++ % EventLoop.Phases;
    private bool _ended;

    protected Outbox Outbox { get; } = new(socket);

    public void Begin()
    {
        socket.NoDelay = true;
        loop.Watch(socket, Read);
        loop.Every250Ms(_ownPhase, OnTick);
    }

    /// <summary>Bytes came.</summary>
    protected abstract SocketError Take(ReadOnlySpan<byte> bytes);

    /// <summary>250 ms are over.</summary>
    protected abstract SocketError Tick();

    private void Read()
    {
        while (!_ended)
        {
            var size = socket.Receive(_buffer, SocketFlags.None, out var error);
            if (error == SocketError.WouldBlock)
                return;
            EndUnless(error == SocketError.Success && size > 0 ? Take(_buffer.AsSpan(0, size)) : SocketError.Disconnecting);
        }
    }

    private void OnTick() => EndUnless(Tick());

    private void EndUnless(SocketError error)
    {
        if (error == SocketError.Success || _ended)
            return;
        _ended = true;
        loop.Stop(_ownPhase, OnTick);
        loop.Close(socket);
    }
}
