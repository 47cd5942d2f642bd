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
    /// <summary>Largest body read; the longest honest one has 66 bytes.</summary>
    public const int LargestBody = 4096;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Adds the listener.</summary>
    public static void Listen(KestrelServerOptions kestrel, int port)
    {
        var served = kestrel.ApplicationServices.GetRequiredService<ServedAddresses>();
        var node = kestrel.ApplicationServices.GetRequiredService<NodeCertificate>();
        kestrel.Limits.MaxRequestBodySize = LargestBody;
        // A grant with all 156 blocks has 6,000 characters.
        kestrel.Limits.MaxRequestHeadersTotalSize = 16 * 1024;
        // Of a crowd the last ones wait for seconds before they are looked at.
        kestrel.Limits.RequestHeadersTimeout = Patience;
        kestrel.Limits.KeepAliveTimeout = TimeSpan.FromSeconds(30);
        kestrel.Limits.MaxConcurrentConnections = 10_000;
        kestrel.Listen(IPAddress.Any, port, listener => listener.UseHttps(new TlsHandshakeCallbackOptions
        {
            HandshakeTimeout = Patience,
            OnConnection = context => ValueTask.FromResult(new SslServerAuthenticationOptions
            {
                ServerCertificateContext = Find(served, context.Connection)?.Certificate ?? node.Context,
                EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
                ApplicationProtocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11],
            }),
        }));
    }

    private static ServedAddress? Find(ServedAddresses served, BaseConnectionContext connection) =>
        connection.LocalEndPoint is IPEndPoint local ? served.Find(local.Address) : null;
}
