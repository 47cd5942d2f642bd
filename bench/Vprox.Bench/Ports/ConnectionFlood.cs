using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Vprox.Lab.Topology;

namespace Vprox.Bench.Ports;

/// <summary>Opens short connections to one destination at a steady rate: each is made, then closed by the client, as a client without keep-alive does.</summary>
internal sealed class ConnectionFlood(LabHost from, IPEndPoint to)
{
    private const int AtOnce = 4096;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    // A first SYN that is lost is sent again after a second (RFC 6298): later than this, one was.
    private static readonly TimeSpan Late = TimeSpan.FromMilliseconds(900);

    private readonly ConcurrentBag<double> _milliseconds = [];
    private int _underway;
    private int _failed;

    /// <summary>Runs at a rate per second for a time and waits for the last answer.</summary>
    public async Task<FloodResult> RunAsync(int rate, TimeSpan duration, CancellationToken cancel)
    {
        var started = Stopwatch.GetTimestamp();
        var skipped = await Task.Run(() => from.Namespace.Run(() => Open(rate, duration, started, cancel)), cancel);
        var took = Stopwatch.GetElapsedTime(started);
        while (Volatile.Read(ref _underway) > 0)
            await Task.Delay(20, cancel);
        var sorted = _milliseconds.Order().ToList();
        return new FloodResult(
            sorted.Count, _failed + skipped, sorted.Count(each => each > Late.TotalMilliseconds), sorted.Count / took.TotalSeconds,
            sorted.Count == 0 ? 0 : sorted[sorted.Count / 2], sorted.Count == 0 ? 0 : sorted[(int)(sorted.Count * 0.99)]);
    }

    // Sockets are of the network namespace of the thread that makes them, so this thread makes all of them. Returns how many it could not even begin.
    private int Open(int rate, TimeSpan duration, long started, CancellationToken cancel)
    {
        using var tick = new ManualResetEventSlim();
        var (begun, skipped) = (0L, 0);
        while (Stopwatch.GetElapsedTime(started) is var elapsed && elapsed < duration && !cancel.IsCancellationRequested)
        {
            for (var due = (long)(elapsed.TotalSeconds * rate); begun < due; begun++)
            {
                if (Volatile.Read(ref _underway) >= AtOnce)
                    skipped++;
                else
                    _ = OneAsync(new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp), cancel);
            }
            tick.Wait(TimeSpan.FromMilliseconds(5), cancel);
        }
        return skipped;
    }

    private async Task OneAsync(Socket socket, CancellationToken cancel)
    {
        Interlocked.Increment(ref _underway);
        var started = Stopwatch.GetTimestamp();
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        deadline.CancelAfter(Patience);
        try
        {
            await socket.ConnectAsync(to, deadline.Token);
            _milliseconds.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            socket.Shutdown(SocketShutdown.Send);
            await socket.ReceiveAsync(new byte[1], deadline.Token);
        }
        catch (Exception failed) when (failed is SocketException or OperationCanceledException)
        {
            if (!socket.Connected)
                Interlocked.Increment(ref _failed);
        }
        finally
        {
            socket.Dispose();
            Interlocked.Decrement(ref _underway);
        }
    }
}

/// <summary>What became of a flood.</summary>
/// <param name="Opened">Connections made.</param>
/// <param name="Failed">Connections that were not made within 10 s, those included that found 4,096 others under way.</param>
/// <param name="Late">Connections made, but whose first packet was lost.</param>
/// <param name="PerSecond">Connections made per second.</param>
/// <param name="MedianMs">From the first packet to the answer.</param>
/// <param name="P99Ms">The same, 99th percentile.</param>
internal sealed record FloodResult(int Opened, int Failed, int Late, double PerSecond, double MedianMs, double P99Ms);
