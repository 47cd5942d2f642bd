using System.Net;
using System.Net.Sockets;
using System.Text;
using Vprox.Lab.Namespaces;

namespace Vprox.Cli.Tests.Live;

/// <summary>Says to each connection which address and port it sees, then echoes.</summary>
internal sealed class EchoServer : IDisposable
{
    private readonly TcpListener _listener;

    public EchoServer(NetworkNamespace where, IPEndPoint at)
    {
        _listener = where.Run(() =>
        {
            var listener = new TcpListener(at);
            listener.Start();
            return listener;
        });
        _ = ServeAsync();
    }

    public void Dispose() => _listener.Dispose();

    private async Task ServeAsync()
    {
        try
        {
            while (true)
                _ = AnswerAsync(await _listener.AcceptTcpClientAsync());
        }
        catch (Exception closed) when (closed is ObjectDisposedException or SocketException)
        {
            // The network is taken down.
        }
    }

    private static async Task AnswerAsync(TcpClient client)
    {
        try
        {
            using (client)
            {
                client.NoDelay = true;
                var stream = client.GetStream();
                await stream.WriteAsync(Encoding.ASCII.GetBytes($"{client.Client.RemoteEndPoint}\n"));
                await stream.CopyToAsync(stream);
            }
        }
        catch (IOException)
        {
            // The client went.
        }
    }
}
