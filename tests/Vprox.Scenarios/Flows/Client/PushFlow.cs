using System.Net.Sockets;

namespace Vprox.Scenarios.Flows.Client;

/// <summary>The client asks once; from then on only the server writes.</summary>
internal sealed class PushFlow(FlowSpec spec, Socket socket, long clientStarted) : StreamFlow(spec, socket, clientStarted)
{
    private bool _asked;

    protected override long Unheard => 0;

    public override void Tick()
    {
        if (_asked || Broken is not null)
            return;
        _asked = true;
        Span<byte> request = stackalloc byte[Record.Size];
        Record.Write(request, Spec.Id);
        BreakUnless(Outbox.Write(request));
    }
}
