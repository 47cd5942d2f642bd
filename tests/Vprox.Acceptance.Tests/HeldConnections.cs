using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Vprox.Lab.Topology;
using Vprox.Lab.Topology.Internet;

namespace Vprox.Acceptance.Tests;

/// <summary>Connections of one container to one destination that stay open.</summary>
internal sealed class HeldConnections(LabContainer container) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly List<Socket> _sockets = [];

    /// <summary>Opens this many at a steady rate, and waits until each is open or given up.</summary>
    /// <returns>How many are open.</returns>
    public async Task<int> OpenAsync(int count, int perSecond)
    {
        var connects = new List<Task>();
        var started = Stopwatch.GetTimestamp();
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (_sockets.Count < count && await tick.WaitForNextTickAsync())
        {
            while (_sockets.Count < Math.Min(count, Stopwatch.GetElapsedTime(started).TotalSeconds * perSecond))
            {
                _sockets.Add(container.OpenTcp());
                connects.Add(ConnectAsync(_sockets[^1]));
            }
        }
        await Task.WhenAll(connects);
        return _sockets.Count(socket => socket.Connected);
    }

    /// <summary>How many carry an octet there and back within a time.</summary>
    public async Task<int> AliveAsync(TimeSpan within) => (await Task.WhenAll(_sockets.Select(socket => EchoesAsync(socket, within)))).Count(alive => alive);

    public void Dispose() => _sockets.ForEach(socket => socket.Dispose());

    private static async Task ConnectAsync(Socket socket)
    {
        using var deadline = new CancellationTokenSource(Patience);
        try
        {
            await socket.ConnectAsync(new IPEndPoint(LabPlan.InternetServer, InternetProgram.EchoPort), deadline.Token);
        }
        catch (Exception none) when (none is OperationCanceledException or SocketException)
        {
            // Not open, and counted so.
        }
    }

    private static async Task<bool> EchoesAsync(Socket socket, TimeSpan within)
    {
        using var deadline = new CancellationTokenSource(within);
        try
        {
            await socket.SendAsync(new byte[1], deadline.Token);
            return await socket.ReceiveAsync(new byte[1], deadline.Token) == 1;
        }
        catch (Exception dead) when (dead is OperationCanceledException or SocketException)
        {
            return false;
        }
    }
}
