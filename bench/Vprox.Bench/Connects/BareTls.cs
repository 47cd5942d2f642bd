using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Vprox.Lab.Namespaces;

namespace Vprox.Bench.Connects;

/// <summary>The web server that NodeAgent is built on, with nothing to do: reads a request over TLS with a P-256 key and answers 200. The ceiling for connects.</summary>
internal sealed class BareTls : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Socket _socket;

    private BareTls(WebApplication app, Socket socket) => (_app, _socket) = (app, socket);

    /// <summary>Answers inside a namespace.</summary>
    public static async Task<BareTls> StartAsync(NetworkNamespace place, IPEndPoint endPoint, CancellationToken cancel)
    {
        var socket = place.Run(() =>
        {
            var listening = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            listening.Bind(endPoint);
            listening.Listen(4096);
            return listening;
        });
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = TimeProvider.System.GetUtcNow();
        var certificate = SslStreamCertificateContext.Create(
            new CertificateRequest("CN=bare", key, HashAlgorithmName.SHA256).CreateSelfSigned(now.AddDays(-1), now.AddDays(1)), null, offline: true);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.ListenHandle((ulong)socket.Handle, listener =>
        {
            listener.Protocols = HttpProtocols.Http1;
            listener.UseHttps(new TlsHandshakeCallbackOptions
            {
                OnConnection = _ => ValueTask.FromResult(new SslServerAuthenticationOptions
                {
                    ServerCertificateContext = certificate,
                    ApplicationProtocols = [SslApplicationProtocol.Http11],
                }),
            });
        }));
        var app = builder.Build();
        app.Run(async context =>
        {
            await context.Request.Body.CopyToAsync(Stream.Null);
            await context.Response.WriteAsync("ok\n");
        });
        await app.StartAsync(cancel);
        return new BareTls(app, socket);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _socket.Dispose();
    }
}
