using System.Net;
using System.Net.Sockets;
using Vprox.Lab.Topology;

namespace Vprox.Lab.Probes;

/// <summary>
/// A container that sends without asking whether it may, every few milliseconds: SYNs and datagrams to the internet, the same over IPv6,
/// and questions to the name server of its host.
/// </summary>
public sealed class ContainerFlood : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(4);

    // A tunnel begins with 512 ports to a destination; the flood leaves room for the test's own connections.
    private const int FirstPort = 20_000;
    private const int LastPort = 20_199;

    private readonly CancellationTokenSource _end = new();
    private readonly IReadOnlyList<(Socket Socket, Func<ReadOnlyMemory<byte>> Packet, EndPoint To)> _senders;
    private readonly Task _sending;
    private long _sent;
    private int _port = LastPort;

    private ContainerFlood(LabContainer container)
    {
        var server = new IPEndPoint(LabPlan.InternetServer, 80);
        var question = NameServer.Question("vprox.example");
        _senders = container.Namespace.Run<IReadOnlyList<(Socket, Func<ReadOnlyMemory<byte>>, EndPoint)>>(() =>
        [
            (RawSyn.Open(), () => RawSyn.Segment(new IPEndPoint(container.Address, NextPort()), server), new IPEndPoint(server.Address, 0)),
            (Udp(AddressFamily.InterNetwork), () => question, new IPEndPoint(LabPlan.InternetServer, NameServer.Port)),
            (Udp(AddressFamily.InterNetwork), () => question, new IPEndPoint(container.Worker.BridgeAddress, NameServer.Port)),
            (Udp(AddressFamily.InterNetworkV6), () => question, new IPEndPoint(DualStack.InternetServer, NameServer.Port)),
        ]);
        _sending = SendAsync();
    }

    /// <summary>Packets that the container's kernel took so far.</summary>
    public long Sent => Interlocked.Read(ref _sent);

    /// <summary>Starts at once.</summary>
    public static ContainerFlood Start(LabContainer container) => new(container);

    /// <summary>Returns when that many more packets were sent.</summary>
    public async Task GoOnAsync(int packets = 400)
    {
        var until = Sent + packets;
        await VproxLab.WaitForAsync($"{packets} packets of the flood", () => Task.FromResult(Sent >= until ? "sent" : null), TimeSpan.FromSeconds(30));
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _sending;
        foreach (var (socket, _, _) in _senders)
            socket.Dispose();
        _end.Dispose();
    }

    private static Socket Udp(AddressFamily family) => new(family, SocketType.Dgram, ProtocolType.Udp);

    private int NextPort() => _port = _port == LastPort ? FirstPort : _port + 1;

    private async Task SendAsync()
    {
        using var timer = new PeriodicTimer(Interval);
        try
        {
            while (await timer.WaitForNextTickAsync(_end.Token))
                foreach (var (socket, packet, to) in _senders)
                    Send(socket, packet().Span, to);
        }
        catch (OperationCanceledException)
        {
            // Enough.
        }
    }

    private void Send(Socket socket, ReadOnlySpan<byte> packet, EndPoint to)
    {
        try
        {
            socket.SendTo(packet, SocketFlags.None, to);
            Interlocked.Increment(ref _sent);
        }
        catch (SocketException)
        {
            // An ICMP error that a packet before brought back; the next one goes out all the same.
        }
    }
}
