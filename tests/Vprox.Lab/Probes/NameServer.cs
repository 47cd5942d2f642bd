using System.Net;
using System.Net.Sockets;
using System.Text;
using Vprox.Lab.Topology;
using Vprox.Lab.Topology.Internet;

namespace Vprox.Lab.Probes;

/// <summary>
/// The name server that a container runtime runs on its host: it takes a container's question and asks the internet in the host's own name.
/// This is how a container's traffic leaves although no packet of the container does.
/// </summary>
public sealed class NameServer : IAsyncDisposable
{
    public const int Port = 53;

    private readonly CancellationTokenSource _end = new();
    private readonly Socket _inside;
    private readonly Socket _outside;
    private readonly Task _serving;
    private volatile bool _busy;

    private NameServer(LabWorker worker)
    {
        _inside = worker.OpenUdp();
        _inside.Bind(new IPEndPoint(worker.BridgeAddress, Port));
        _outside = worker.OpenUdp();
        _outside.Connect(LabPlan.InternetServer, InternetProgram.EchoPort);
        _serving = ServeAsync();
    }

    public static NameServer Start(LabWorker worker) => new(worker);

    /// <summary>Returns when no question is left that came before; what was asked before counts as sent before.</summary>
    public Task DrainAsync() => VproxLab.WaitForAsync(
        "the name server has no question left", () => Task.FromResult(_inside.Available == 0 && !_busy ? "idle" : null), TimeSpan.FromSeconds(30));

    /// <summary>A question for an A record (RFC 1035 section 4.1).</summary>
    public static byte[] Question(string name)
    {
        var labels = name.Split('.').SelectMany(label => Encoding.ASCII.GetBytes(label).Prepend((byte)label.Length));
        return [0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, .. labels, 0, 0, 1, 0, 1];
    }

    /// <summary>Asks from a container; false when nothing answers within the time.</summary>
    public static async Task<bool> AnswersAsync(LabContainer container, TimeSpan within)
    {
        using var socket = container.OpenUdp();
        await socket.ConnectAsync(container.Worker.BridgeAddress, Port);
        using var deadline = new CancellationTokenSource(within);
        try
        {
            await socket.SendAsync(Question("vprox.example"), deadline.Token);
            return await socket.ReceiveAsync(new byte[512], deadline.Token) > 0;
        }
        catch (Exception silence) when (silence is OperationCanceledException or SocketException)
        {
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _serving;
        _inside.Dispose();
        _outside.Dispose();
        _end.Dispose();
    }

    private async Task ServeAsync()
    {
        var buffer = new byte[512];
        while (!_end.IsCancellationRequested)
        {
            try
            {
                var question = await _inside.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0), _end.Token);
                _busy = true;
                await _outside.SendAsync(buffer.AsMemory(0, question.ReceivedBytes), _end.Token);
                using var patience = CancellationTokenSource.CreateLinkedTokenSource(_end.Token);
                patience.CancelAfter(TimeSpan.FromSeconds(1));
                var size = await _outside.ReceiveAsync(buffer, patience.Token);
                await _inside.SendToAsync(buffer.AsMemory(0, size), question.RemoteEndPoint, _end.Token);
            }
            catch (Exception lost) when (lost is OperationCanceledException or SocketException)
            {
                // That question gets no answer.
            }
            finally
            {
                _busy = false;
            }
        }
    }
}
