using System.Net;
using System.Net.Sockets;
using Vprox.Lab.Topology;

namespace Vprox.Bench.Ports;

/// <summary>Accepts, waits for the client's end, closes.</summary>
internal sealed class ClosingServer : IDisposable
{
    private const int Backlog = 4096;

    private readonly Socket _listener;

    public ClosingServer(LabHost host, IPEndPoint address)
    {
        _listener = host.OpenTcp();
        _listener.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        _listener.Bind(address);
        _listener.Listen(Backlog);
        for (var i = 0; i < Environment.ProcessorCount; i++)
            _ = AcceptAsync();
    }

    public void Dispose() => _listener.Dispose();

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = CloseAsync(await _listener.AcceptAsync());
        }
        catch (Exception closed) when (closed is ObjectDisposedException or SocketException)
        {
            // The benchmark is over.
        }
    }

    private static async Task CloseAsync(Socket client)
    {
        using (client)
        {
            try
            {
                await client.ReceiveAsync(new byte[1]);
            }
            catch (SocketException)
            {
                // The client reset it.
            }
        }
    }
}
