using System.Net.Sockets;

namespace Vprox.Scenarios.Flows.Client;

/// <summary>A TCP flow: every record must come, once and in order.</summary>
internal abstract class StreamFlow(FlowSpec spec, Socket socket, long clientStarted) : Flow(spec, socket, clientStarted)
{
    private readonly byte[] _buffer = new byte[Record.Size * 128];
    private int _filled;

    /// <summary>Records that came.</summary>
    protected long Received { get; private set; }

    protected Outbox Outbox { get; } = new(socket);

    public override void Read()
    {
        while (Broken is null)
        {
            var size = Socket.Receive(_buffer.AsSpan(_filled), SocketFlags.None, out var error);
            if (error == SocketError.WouldBlock)
                return;
            BreakUnless(error);
            if (error == SocketError.Success && size == 0)
                Break("closed by the other end");
            if (Broken is not null)
                return;
            _filled += size;
            Take();
        }
    }

    private void Take()
    {
        var taken = 0;
        for (; _filled - taken >= Record.Size; taken += Record.Size)
        {
            var number = Record.Number(_buffer.AsSpan(taken));
            if (number != Received + 1)
            {
                Break($"record {number} came after {Received}");
                return;
            }
            Received = number;
        }
        _buffer.AsSpan(taken, _filled - taken).CopyTo(_buffer);
        _filled -= taken;
        Arrived();
    }
}
