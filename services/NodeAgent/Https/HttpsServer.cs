using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Vprox.NodeAgent.Https;

/// <summary>HTTPS on every address of the node, each static address with its own certificate: which one, the connection's local address says.</summary>
public static class HttpsServer
{
    /// <summary>Largest body read; one that names the 312 inner addresses it keeps has under 5,000 bytes.</summary>
    public const int LargestBody = 8192;

    // Of a crowd the last ones wait for seconds before they are looked at.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Adds the listener on all addresses, as a node has it whose addresses come and go.</summary>
    public static void Listen(KestrelServerOptions kestrel, int port) => Listen(kestrel, new IPEndPoint(IPAddress.Any, port), answersProbes: true);

    /// <summary>Adds a listener.</summary>
    /// <param name="kestrel">The server.</param>
    /// <param name="endPoint">Where it listens.</param>
    /// <param name="answersProbes">
    /// True to answer with the node's own certificate where no static address is served; false to answer nothing, for a client that knows its server by
    /// the key must not be shown a strange one while an address is on its way.
    /// </param>
    public static void Listen(KestrelServerOptions kestrel, IPEndPoint endPoint, bool answersProbes)
    {
        var served = kestrel.ApplicationServices.GetRequiredService<ServedAddresses>();
        var node = kestrel.ApplicationServices.GetRequiredService<NodeCertificate>();
        var turns = kestrel.ApplicationServices.GetRequiredService<HandshakeTurns>();
        kestrel.Limits.MaxRequestBodySize = LargestBody;
        // A grant with all 156 blocks has 6,000 characters.
        kestrel.Limits.MaxRequestHeadersTotalSize = 20 * 1024;
        kestrel.Limits.RequestHeadersTimeout = Patience;
        kestrel.Limits.KeepAliveTimeout = TimeSpan.FromSeconds(30);
        kestrel.Limits.MaxConcurrentConnections = 10_000;
        kestrel.Listen(endPoint, listener =>
        {
            // All who ask here ask once and go: HTTP/2 would be of no use to them.
            listener.Protocols = HttpProtocols.Http1;
            turns.Begin(listener);
            listener.UseHttps(new TlsHandshakeCallbackOptions
            {
                HandshakeTimeout = Patience,
                OnConnection = context => ValueTask.FromResult(new SslServerAuthenticationOptions
                {
                    ServerCertificateContext = Find(served, context.Connection)?.Certificate
                        ?? (answersProbes ? node.Context : throw new AuthenticationException("no static address is served where the connection came")),
                    EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
                    ApplicationProtocols = [SslApplicationProtocol.Http11],
                }),
            });
            HandshakeTurns.End(listener);
        });
    }

    private static ServedAddress? Find(ServedAddresses served, BaseConnectionContext connection) =>
        connection.LocalEndPoint is IPEndPoint local ? served.Find(local.Address) : null;
}
