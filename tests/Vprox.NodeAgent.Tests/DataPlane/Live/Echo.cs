using System.Net;
using System.Net.Sockets;
using System.Text;
using Vprox.Lab.Namespaces;

namespace Vprox.NodeAgent.Tests.DataPlane.Live;

/// <summary>A TCP server in a namespace that says to each client the address it came from, then returns what it is sent.</summary>
public sealed class Echo : IDisposable
{
    private readonly Socket _listener;
    private readonly List<Socket> _clients = [];

    public Echo(NetworkNamespace place, IPAddress address, int port)
    {
        _listener = place.Run(() =>
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
            socket.Bind(new IPEndPoint(address, port));
            socket.Listen();
            return socket;
        });
        _ = AcceptAsync();
    }

    /// <summary>Says something to every client, as a server does that pushes.</summary>
    public async Task PushAsync(string text)
    {
        Socket[] clients;
        lock (_clients)
            clients = [.. _clients];
        foreach (var client in clients)
            await client.SendAsync(Encoding.ASCII.GetBytes(text));
    }

    /// <summary>Ends every connection, with a FIN or an RST.</summary>
    public void EndAll(bool reset)
    {
        lock (_clients)
        {
            foreach (var client in _clients)
            {
                if (reset)
                    client.Close(timeout: 0);
                else
                    client.Shutdown(SocketShutdown.Send);
            }
        }
    }

    public void Dispose()
    {
        _listener.Dispose();
        lock (_clients)
        {
            foreach (var client in _clients)
                client.Dispose();
        }
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = ServeAsync(await _listener.AcceptAsync());
        }
        catch (Exception end) when (end is SocketException or ObjectDisposedException)
        {
        }
    }

    private async Task ServeAsync(Socket client)
    {
        lock (_clients)
            _clients.Add(client);
        try
        {
            await client.SendAsync(Encoding.ASCII.GetBytes($"{client.RemoteEndPoint}\n"));
            var buffer = new byte[4096];
            int received;
            while ((received = await client.ReceiveAsync(buffer)) > 0)
                await client.SendAsync(buffer.AsMemory(0, received));
            client.Close();
        }
        catch (Exception end) when (end is SocketException or ObjectDisposedException)
        {
        }
    }
}
