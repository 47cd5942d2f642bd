using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Vprox.Lab.Namespaces;

namespace Vprox.Bench.Shaping;

/// <summary>Full-sized datagrams for every address at more than its ceiling, and how much of them arrives at the other side.</summary>
internal sealed class Flood : IDisposable
{
    private const int Port = 5000;
    private const int Payload = 1392;
    private const int OnIp = Payload + 28;

    // Above the ceiling, so that the class never idles, and little enough that two cores are not busy with what is dropped.
    private const double Excess = 1.25;

    private readonly List<(Socket Socket, IPEndPoint Target)> _senders = [];
    private readonly List<Socket> _receivers = [];
    private readonly long[] _bytes;

    public Flood(ShapedNode node, bool outgoing)
    {
        _bytes = new long[node.Addresses.Count];
        for (var index = 0; index < node.Addresses.Count; index++)
        {
            var inside = new IPEndPoint(node.Addresses[index], Port);
            var outside = new IPEndPoint(ShapedNode.Server, Port + index);
            var (worker, server) = (Open(node.Worker, inside), Open(node.Internet, outside));
            _senders.Add(outgoing ? (worker, outside) : (server, inside));
            _receivers.Add(outgoing ? server : worker);
        }
    }

    /// <summary>Sends, and measures for a time after a first part in which queues fill.</summary>
    /// <returns>Mbit/s of IP packets that arrived, for each address.</returns>
    public async Task<IReadOnlyList<double>> MeasureAsync(int ceilingMbps, TimeSpan first, TimeSpan time, CancellationToken cancel)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var receiving = _receivers.Select((socket, index) => Task.Factory.StartNew(() => Receive(socket, index, end.Token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)).ToList();
        var sending = SendAsync(ceilingMbps * Excess, end.Token);
        await Task.Delay(first, cancel);
        var before = _bytes.Select((_, index) => Interlocked.Read(ref _bytes[index])).ToArray();
        var watch = Stopwatch.StartNew();
        await Task.Delay(time, cancel);
        var after = _bytes.Select((_, index) => Interlocked.Read(ref _bytes[index])).ToArray();
        var seconds = watch.Elapsed.TotalSeconds;
        await end.CancelAsync();
        await Task.WhenAll([sending, .. receiving]);
        return [.. after.Select((bytes, index) => (bytes - before[index]) * 8 / seconds / 1e6)];
    }

    public void Dispose()
    {
        foreach (var socket in _senders.Select(sender => sender.Socket).Concat(_receivers))
            socket.Dispose();
    }

    private static Socket Open(NetworkNamespace place, IPEndPoint address) => place.Run(() =>
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveBufferSize = 1 << 20, SendBufferSize = 1 << 20, ReceiveTimeout = 200 };
        socket.Bind(address);
        return socket;
    });

    private async Task SendAsync(double mbps, CancellationToken end)
    {
        var datagram = new byte[Payload];
        var sent = new long[_senders.Count];
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(2));
        var watch = Stopwatch.StartNew();
        while (!end.IsCancellationRequested)
        {
            var due = (long)(watch.Elapsed.TotalSeconds * mbps * 1e6 / 8 / OnIp);
            for (var index = 0; index < _senders.Count; index++)
            {
                for (; sent[index] < due; sent[index]++)
                    _senders[index].Socket.SendTo(datagram, _senders[index].Target);
            }
            await timer.WaitForNextTickAsync(CancellationToken.None);
        }
    }

    private void Receive(Socket socket, int index, CancellationToken end)
    {
        var buffer = new byte[2048];
        while (!end.IsCancellationRequested)
        {
            try
            {
                Interlocked.Add(ref _bytes[index], socket.Receive(buffer) + OnIp - Payload);
            }
            catch (SocketException timeout) when (timeout.SocketErrorCode is SocketError.TimedOut or SocketError.WouldBlock)
            {
                // Looks whether it is over.
            }
        }
    }
}
