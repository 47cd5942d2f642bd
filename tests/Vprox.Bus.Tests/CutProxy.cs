using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Vprox.Bus.Tests;

/// <summary>A TCP relay in front of the broker whose connections can all be reset at once: many outages in the time of one restart.</summary>
internal sealed class CutProxy : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<Socket, Socket> pairs = new();
    private readonly CancellationTokenSource stop = new();
    private readonly Uri broker;
    private readonly Task accepting;
    private volatile bool refusing;

    public CutProxy(string brokerUri)
    {
        broker = new Uri(brokerUri);
        listener.Start();
        Uri = new UriBuilder(broker) { Host = "127.0.0.1", Port = ((IPEndPoint)listener.LocalEndpoint).Port }.Uri.ToString();
        accepting = AcceptAsync();
    }

    public string Uri { get; }

    /// <summary>Resets every connection, and each new one until <see cref="Mend"/>.</summary>
    public void Cut()
    {
        refusing = true;
        foreach (var (client, server) in pairs)
        {
            Reset(client);
            Reset(server);
        }
    }

    public void Mend() => refusing = false;

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        listener.Stop();
        Cut();
        await accepting;
        stop.Dispose();
    }

    private static void Reset(Socket socket)
    {
        try
        {
            socket.LingerState = new LingerOption(true, 0);
            socket.Dispose();
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Gone already.
        }
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await listener.AcceptSocketAsync(stop.Token);
                if (refusing) Reset(client);
                else _ = RelayAsync(client);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Disposed.
        }
    }

    private async Task RelayAsync(Socket client)
    {
        var server = new Socket(SocketType.Stream, ProtocolType.Tcp);
        pairs[client] = server;
        try
        {
            await server.ConnectAsync(IPAddress.Loopback, broker.Port, stop.Token);
            await Task.WhenAny(PumpAsync(client, server), PumpAsync(server, client));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // One side is gone, and with it the other.
        }
        pairs.TryRemove(client, out _);
        Reset(client);
        Reset(server);
    }

    private async Task PumpAsync(Socket from, Socket to)
    {
        var buffer = new byte[64 << 10];
        try
        {
            while (await from.ReceiveAsync(buffer, stop.Token) is > 0 and var read)
                await to.SendAsync(buffer.AsMemory(0, read), stop.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // One side is gone.
        }
    }
}
