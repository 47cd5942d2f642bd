using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Vprox.Failover.Tests.Adapters;

/// <summary>What a node shows to a probe, on a port of its own on loopback.</summary>
public sealed class StubNode : IDisposable
{
    private static readonly X509Certificate2 Certificate = SelfSigned();

    private readonly List<Socket> others = [];
    private Socket? listener;
    private CancellationTokenSource serving = new();

    public StubNode()
    {
        listener = Listen(new IPEndPoint(IPAddress.Loopback, 0), 100);
        EndPoint = (IPEndPoint)listener.LocalEndPoint!;
    }

    public IPEndPoint EndPoint { get; }

    public string ProbeUrl => $"https://{EndPoint}";

    /// <summary>TLS by a certificate of its own, and an answer as an agent gives it or, to a test's wish, another one.</summary>
    public StubNode Answer(string answer = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n") => Serve(async (stream, cancel) =>
    {
        await using var tls = new SslStream(stream);
        await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = Certificate }, cancel);
        await tls.WriteAsync(System.Text.Encoding.ASCII.GetBytes(answer), cancel);
        await tls.FlushAsync(cancel);
        // Until the client has read it and goes: closing with its request unread would reset the connection.
        while (await tls.ReadAsync(new byte[1024], cancel) > 0) continue;
    });

    /// <summary>The connection is taken and ended at once, as by a host whose agent is not well.</summary>
    public StubNode End() => Serve((_, _) => Task.CompletedTask);

    /// <summary>The kernel takes connections, nobody speaks on them.</summary>
    public StubNode Hang()
    {
        Stop();
        listener = Listen(EndPoint, 100);
        return this;
    }

    /// <summary>RST to every SYN.</summary>
    public StubNode Refuse()
    {
        Stop();
        return this;
    }

    /// <summary>No answer to a SYN: Linux drops it while the queue of connections nobody accepts is full (listen(2), tcp(7)).</summary>
    public StubNode Vanish()
    {
        Stop();
        listener = Listen(EndPoint, 1);
        for (var i = 0; i < 8; i++)
        {
            var filler = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { Blocking = false };
            others.Add(filler);
            try
            {
                filler.Connect(EndPoint);
            }
            catch (SocketException waiting) when (waiting.SocketErrorCode is SocketError.WouldBlock or SocketError.InProgress)
            {
                // It fills the queue, or waits behind it.
            }
        }
        return this;
    }

    public void Dispose()
    {
        Stop();
        serving.Dispose();
    }

    private StubNode Serve(Func<NetworkStream, CancellationToken, Task> speak)
    {
        Stop();
        var accepting = listener = Listen(EndPoint, 100);
        var stop = serving.Token;
        _ = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                var socket = await accepting.AcceptAsync(stop);
                _ = Task.Run(
                    async () =>
                    {
                        await using var stream = new NetworkStream(socket, ownsSocket: true);
                        await speak(stream, stop);
                    },
                    stop);
            }
        });
        return this;
    }

    private void Stop()
    {
        serving.Cancel();
        serving.Dispose();
        serving = new();
        listener?.Dispose();
        listener = null;
        foreach (var other in others) other.Dispose();
        others.Clear();
    }

    private static Socket Listen(IPEndPoint endPoint, int backlog)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        socket.Bind(endPoint);
        socket.Listen(backlog);
        return socket;
    }

    private static X509Certificate2 SelfSigned()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var made = new CertificateRequest("CN=node", key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(200));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }
}
