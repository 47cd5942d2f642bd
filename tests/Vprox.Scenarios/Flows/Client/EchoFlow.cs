using System.Net.Sockets;

namespace Vprox.Scenarios.Flows.Client;

/// <summary>The client writes a record every 250 ms and expects it back.</summary>
internal sealed class EchoFlow(FlowSpec spec, Socket socket, long clientStarted) : StreamFlow(spec, socket, clientStarted)
{
    private readonly byte[] _record = new byte[Record.Size];
    private long _sent;

    protected override long Unheard => _sent - Received;

    public override void Tick()
    {
        if (Broken is not null)
            return;
        Record.Write(_record, ++_sent);
        BreakUnless(Outbox.Write(_record));
    }
}
