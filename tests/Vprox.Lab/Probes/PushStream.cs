using System.Diagnostics;
using System.Net.Sockets;
using Vprox.Lab.Topology;
using Vprox.Lab.Topology.Internet;

namespace Vprox.Lab.Probes;

/// <summary>A TCP connection on which data keeps coming, and the longest time in which none came.</summary>
public sealed class PushStream : IDisposable
{
    private readonly Socket _socket;
    private readonly Thread _reader;
    private readonly Lock _lock = new();
    private long _last;
    private TimeSpan _longest;
    private long _bytes;
    private Exception? _broken;

    private PushStream(Socket socket)
    {
        _socket = socket;
        _last = Stopwatch.GetTimestamp();
        // A thread of its own: the pool's may be busy, and that would look like a gap.
        _reader = new Thread(Read) { IsBackground = true, Priority = ThreadPriority.Highest };
        _reader.Start();
    }

    /// <summary>Bytes that came.</summary>
    public long Bytes { get { lock (_lock) return _bytes; } }

    /// <summary>A line every 20 ms that the server sends unasked.</summary>
    public static Task<PushStream> PacedAsync(LabContainer container, CancellationToken cancel = default) =>
        OpenAsync(container, InternetProgram.PushPort, "", cancel);

    /// <summary>A download as fast as it goes, of more bytes than any test waits for.</summary>
    public static Task<PushStream> DownloadAsync(LabContainer container, CancellationToken cancel = default) =>
        OpenAsync(container, InternetProgram.HttpPort, $"GET /download?bytes=1000000000000 HTTP/1.1\r\nHost: {LabPlan.InternetServer}\r\n\r\n", cancel);

    /// <summary>The longest gap since the last call, the one that is still open included.</summary>
    /// <exception cref="IOException">The connection ended.</exception>
    public TimeSpan TakeLongestGap()
    {
        lock (_lock)
        {
            if (_broken is not null)
                throw new IOException("The stream ended", _broken);
            var open = Stopwatch.GetElapsedTime(_last);
            var longest = open > _longest ? open : _longest;
            _longest = TimeSpan.Zero;
            return longest;
        }
    }

    /// <summary>Lets it run for a while and returns the longest gap in it.</summary>
    public async Task<TimeSpan> LongestGapAsync(TimeSpan during, CancellationToken cancel = default)
    {
        TakeLongestGap();
        await Task.Delay(during, cancel);
        return TakeLongestGap();
    }

    public void Dispose()
    {
        _socket.Dispose();
        _reader.Join();
    }

    private static async Task<PushStream> OpenAsync(LabContainer container, int port, string request, CancellationToken cancel)
    {
        var socket = container.OpenTcp();
        try
        {
            await socket.ConnectAsync(LabPlan.InternetServer, port, cancel);
            await socket.SendAsync(System.Text.Encoding.ASCII.GetBytes(request), cancel);
            return new PushStream(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private void Read()
    {
        var buffer = new byte[256 * 1024];
        try
        {
            while (_socket.Receive(buffer) is var size and > 0)
                Take(size);
            Break(new EndOfStreamException());
        }
        catch (Exception broken) when (broken is SocketException or ObjectDisposedException)
        {
            Break(broken);
        }
    }

    private void Take(int size)
    {
        lock (_lock)
        {
            var now = Stopwatch.GetTimestamp();
            var gap = Stopwatch.GetElapsedTime(_last, now);
            (_last, _longest, _bytes) = (now, gap > _longest ? gap : _longest, _bytes + size);
        }
    }

    private void Break(Exception why)
    {
        lock (_lock)
            _broken = why;
    }
}
