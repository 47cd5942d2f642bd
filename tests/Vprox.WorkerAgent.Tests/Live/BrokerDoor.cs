using System.Net;
using System.Net.Sockets;
using Vprox.Lab.Namespaces;

namespace Vprox.WorkerAgent.Tests.Live;

/// <summary>Makes a broker of this machine appear on a namespace's loopback. Closed, it is a broker that is away.</summary>
public sealed class BrokerDoor : IDisposable
{
    private readonly TcpListener _listener;
    private readonly Uri _broker;

    public BrokerDoor(NetworkNamespace where, string brokerUri)
    {
        _broker = new Uri(brokerUri);
        _listener = where.Run(() =>
        {
            var listener = new TcpListener(IPAddress.Loopback, 5672);
            listener.Start();
            return listener;
        });
        Uri = new UriBuilder(_broker) { Host = "127.0.0.1", Port = 5672 }.Uri.AbsoluteUri;
        _ = AcceptAsync();
    }

    /// <summary>The broker's URI as seen from inside.</summary>
    public string Uri { get; }

    public void Dispose() => _listener.Dispose();

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = PassAsync(await _listener.AcceptTcpClientAsync());
        }
        catch (Exception closed) when (closed is ObjectDisposedException or SocketException)
        {
            // The door is closed.
        }
    }

    private async Task PassAsync(TcpClient inside)
    {
        try
        {
            using (inside)
            using (var outside = new TcpClient())
            {
                await outside.ConnectAsync(_broker.Host, _broker.Port);
                await Task.WhenAny(inside.GetStream().CopyToAsync(outside.GetStream()), outside.GetStream().CopyToAsync(inside.GetStream()));
            }
        }
        catch (Exception gone) when (gone is IOException or SocketException)
        {
            // One side went; the other notices.
        }
    }
}
