using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Vprox.Lab.Namespaces;

namespace Vprox.NodeAgent.Tests.DataPlane.Live;

/// <summary>Numbered datagrams from one place to another at an even rate, and what of them arrives when.</summary>
public sealed class DatagramStream : IDisposable
{
    /// <summary>Bytes of payload: with IP and UDP headers the tunnels' MTU, 1,420.</summary>
    public const int FullSize = 1392;

    private const int Headers = 28;
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(2);

    private readonly Socket _sender;
    private readonly Socket _receiver;
    private readonly EndPoint _target;
    private readonly List<(long At, int Bytes)> _arrivals = [];
    private readonly CancellationTokenSource _end = new();
    private long _began;

    /// <summary>Opens both ends and starts to receive.</summary>
    public DatagramStream((NetworkNamespace Place, IPEndPoint Address) from, (NetworkNamespace Place, IPEndPoint Address) to, IPEndPoint? target = null)
    {
        _sender = Bound(from);
        _receiver = Bound(to);
        _target = target ?? _receiver.LocalEndPoint!;
        _ = ReceiveAsync();
    }

    /// <summary>Datagrams sent.</summary>
    public int Sent { get; private set; }

    /// <summary>Datagrams that arrived.</summary>
    public int Received
    {
        get { lock (_arrivals) return _arrivals.Count; }
    }

    /// <summary>Sends at a rate of IP packets for a time.</summary>
    public async Task SendAsync(double mbps, TimeSpan time, int size = FullSize)
    {
        using var timer = new PeriodicTimer(Tick);
        var total = (int)(mbps * 1e6 / 8 * time.TotalSeconds / (size + Headers));
        var before = Sent;
        _began = Stopwatch.GetTimestamp();
        for (var watch = Stopwatch.StartNew(); Sent - before < total && await timer.WaitForNextTickAsync();)
            await SendAsync(Math.Min(total, (int)(total * (watch.Elapsed / time))) - (Sent - before), size);
    }

    /// <summary>Sends so many at once.</summary>
    public async Task SendAsync(int count, int size)
    {
        var datagram = new byte[size];
        for (; count > 0; count--)
        {
            BinaryPrimitives.WriteInt32BigEndian(datagram, Sent);
            await _sender.SendToAsync(datagram, _target);
            Sent++;
        }
    }

    /// <summary>
    /// Mbit/s of IP packets that arrived, from the moment the last stream began to be sent to the last arrival: a machine that lets this
    /// receiver look late makes it less and never more, so a ceiling can be held to the shaper's own burst.
    /// </summary>
    public double ArrivedMbps()
    {
        lock (_arrivals)
        {
            var counted = _arrivals.Where(arrival => arrival.At >= _began).ToList();
            return counted.Count == 0 ? 0 : counted.Sum(arrival => (long)arrival.Bytes) * 8 / Stopwatch.GetElapsedTime(_began, counted[^1].At).TotalSeconds / 1e6;
        }
    }

    public void Dispose()
    {
        _end.Cancel();
        _sender.Dispose();
        _receiver.Dispose();
        _end.Dispose();
    }

    private static Socket Bound((NetworkNamespace Place, IPEndPoint Address) end) => end.Place.Run(() =>
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveBufferSize = 4 << 20, SendBufferSize = 1 << 20 };
        socket.Bind(end.Address);
        return socket;
    });

    private async Task ReceiveAsync()
    {
        var buffer = new byte[2048];
        try
        {
            while (true)
            {
                var length = await _receiver.ReceiveAsync(buffer, SocketFlags.None, _end.Token);
                lock (_arrivals)
                    _arrivals.Add((Stopwatch.GetTimestamp(), length + Headers));
            }
        }
        catch (Exception end) when (end is OperationCanceledException or ObjectDisposedException or SocketException)
        {
        }
    }
}
