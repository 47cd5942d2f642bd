using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Vprox.Scenarios.Flows.Client;

/// <summary>The client's end of a flow.</summary>
internal abstract class Flow(FlowSpec spec, Socket socket, long clientStarted)
{
    // Every 250 ms, so within a second.
    private const int MostUnheard = 4;

    private readonly List<uint> _arrivals = [];
    private long _lastArrival;

    public FlowSpec Spec => spec;

    public Socket Socket => socket;

    /// <summary>Why it is no longer what it was; null while it is.</summary>
    public string? Broken { get; private set; }

    /// <summary>How many of its writes nobody is known to have heard.</summary>
    protected abstract long Unheard { get; }

    /// <summary>Writes what is due.</summary>
    public abstract void Tick();

    /// <summary>Reads what came.</summary>
    public abstract void Read();

    /// <summary>Opens a flow's socket; called in the container's namespace.</summary>
    public static Flow Open(FlowSpec spec, IPAddress server, long clientStarted)
    {
        var socket = spec.Kind == FlowKind.Udp
            ? new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp)
            : new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, SendTimeout = 15_000 };
        socket.Connect(new IPEndPoint(server, spec.Port));
        return spec.Kind switch
        {
            FlowKind.Echo => new EchoFlow(spec, socket, clientStarted),
            FlowKind.Push => new PushFlow(spec, socket, clientStarted),
            _ => new UdpFlow(spec, socket, clientStarted),
        };
    }

    public FlowRecord Report(long now, bool arrivals) => new()
    {
        Id = spec.Id,
        Kind = spec.Kind,
        Address = spec.Address,
        Broken = Broken,
        GoesOn = Broken is null && _arrivals.Count > 0 && Stopwatch.GetElapsedTime(_lastArrival, now) < TimeSpan.FromSeconds(1) && Unheard < MostUnheard,
        Arrived = _arrivals.Count,
        Arrivals = arrivals ? MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(_arrivals)).ToArray() : null,
    };

    protected void Arrived()
    {
        _lastArrival = Stopwatch.GetTimestamp();
        _arrivals.Add((uint)(Stopwatch.GetElapsedTime(clientStarted, _lastArrival) / FlowRecord.Unit));
    }

    protected void Break(string why) => Broken ??= why;

    protected void BreakUnless(SocketError error, SocketError expected = SocketError.Success)
    {
        if (error != expected)
            Break(error.ToString());
    }
}
