using System.Diagnostics;
using System.Net.Sockets;
using Tmds.Linux;
using static Tmds.Linux.LibC;

namespace Vprox.Scenarios.Flows;

/// <summary>
/// One thread for hundreds of sockets, by epoll(7), and a clock that ticks for each of ten groups every 250 ms: the flows of all groups
/// together write evenly. .NET's own asynchronous sockets would spread this over a pool of threads that the machine under test needs.
/// </summary>
internal sealed unsafe class EventLoop : IDisposable
{
    /// <summary>Groups that tick one after the other.</summary>
    public const int Phases = 10;

    private const int MostEvents = 128;
    private static readonly TimeSpan PhaseLength = TimeSpan.FromMilliseconds(25);

    private readonly int _epoll = epoll_create1(EPOLL_CLOEXEC);
    private readonly Dictionary<int, Action> _readable = [];
    private readonly List<Action>[] _ticks = [.. Enumerable.Range(0, Phases).Select(_ => new List<Action>())];

    /// <summary>Calls back whenever the socket has something to read, to accept, or has failed.</summary>
    public void Watch(Socket socket, Action readable)
    {
        socket.Blocking = false;
        var descriptor = (int)socket.Handle;
        _readable[descriptor] = readable;
        epoll_event wanted = default;
        wanted.events = EPOLLIN;
        wanted.data.fd = descriptor;
        if (epoll_ctl(_epoll, EPOLL_CTL_ADD, descriptor, &wanted) != 0)
            throw new IOException($"epoll_ctl refused a socket: errno {errno}");
    }

    /// <summary>Closes a socket that is watched.</summary>
    public void Close(Socket socket)
    {
        // Closing takes it out of epoll's set (epoll(7)); its number may be given to another socket at once.
        _readable.Remove((int)socket.Handle);
        socket.Dispose();
    }

    /// <summary>Calls back every 250 ms.</summary>
    public void Every250Ms(int phase, Action tick) => _ticks[phase % Phases].Add(tick);

    /// <summary>Goes round until cancelled.</summary>
    public void Run(CancellationToken cancel)
    {
        var events = stackalloc epoll_event[MostEvents];
        var phase = 0L;
        var started = Stopwatch.GetTimestamp();
        while (!cancel.IsCancellationRequested)
        {
            var untilTick = ((phase + 1) * PhaseLength) - Stopwatch.GetElapsedTime(started);
            var ready = epoll_wait(_epoll, events, MostEvents, untilTick <= TimeSpan.Zero ? 0 : (int)Math.Ceiling(untilTick.TotalMilliseconds));
            for (var index = 0; index < ready; index++)
                if (_readable.TryGetValue(events[index].data.fd, out var readable))
                    readable();
            // A tick that comes late is not made up for: writes in a burst would hide the gap.
            var due = (long)(Stopwatch.GetElapsedTime(started) / PhaseLength);
            for (var next = Math.Max(phase + 1, due - Phases + 1); next <= due; next++)
                Tick(next);
            phase = Math.Max(phase, due);
        }
    }

    public void Dispose() => _ = close(_epoll);

    private void Tick(long phase)
    {
        var ticks = _ticks[phase % Phases];
        // A tick may end a connection, which then leaves the list.
        for (var index = ticks.Count - 1; index >= 0; index--)
            ticks[index]();
    }

    /// <summary>Stops what <see cref="Every250Ms"/> began.</summary>
    public void Stop(int phase, Action tick) => _ticks[phase % Phases].Remove(tick);
}
