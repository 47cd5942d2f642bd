using System.Net.Sockets;
using System.Text.Json;

namespace Vprox.Scenarios.Flows.Client;

/// <summary>Answers what happened until now, as JSON, to whoever connects and writes a byte: 'a' with all arrivals, anything else without.</summary>
internal sealed class ReportSocket : IDisposable
{
    private const int Patience = 2000;

    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);

    public ReportSocket(string path, EventLoop loop, Func<bool, FlowReport> report)
    {
        File.Delete(path);
        _listener.Bind(new UnixDomainSocketEndPoint(path));
        _listener.Listen();
        loop.Watch(_listener, () => Answer(report));
    }

    public void Dispose() => _listener.Dispose();

    private void Answer(Func<bool, FlowReport> report)
    {
        using var asker = _listener.Accept();
        asker.Blocking = true;
        asker.ReceiveTimeout = asker.SendTimeout = Patience;
        Span<byte> question = stackalloc byte[1];
        if (asker.Receive(question, SocketFlags.None, out _) == 1)
            asker.Send(JsonSerializer.SerializeToUtf8Bytes(report(question[0] == 'a')), SocketFlags.None, out _);
    }
}
