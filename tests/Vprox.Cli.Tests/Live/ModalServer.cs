using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Vprox.Addressing;
using Vprox.Lab.Namespaces;
using Vprox.WireGuard;

namespace Vprox.Cli.Tests.Live;

/// <summary>
/// What modal-labs/vprox's server does, from its source: lib/server.go at 04ddfd8 and cmd/server.go, for <c>--wg-block 240.1.0.0/16</c> and one --ip. Written
/// after it, not copied; the program itself cannot be had where these tests run. Its certificate is RSA, as lib/certs/cert.pem was.
/// </summary>
internal sealed class ModalServer : IDisposable
{
    private static readonly Ipv4Prefix Block = Ipv4Prefix.Parse("240.1.0.0/16");

    private readonly NetworkNamespace _host;
    private readonly string _password;
    private readonly string _link = $"ms{RandomNumberGenerator.GetInt32(10_000, 9_999_999)}";
    private readonly WireGuardPrivateKey _key = WireGuardPrivateKey.Generate();
    private readonly IWireGuardClient _wireGuard;
    private readonly TcpListener _listener;
    private readonly X509Certificate2 _certificate = Certificate();
    private readonly Dictionary<string, IPAddress> _peers = [];

    private ModalServer(NetworkNamespace host, string password)
    {
        (_host, _password) = (host, password);
        _wireGuard = host.Run(() => WireGuardClient.Open(WireGuardBackend.Auto));
        _listener = host.Run(() =>
        {
            var listener = new TcpListener(StandAloneNetwork.Address, 443);
            listener.Start();
            return listener;
        });
    }

    /// <summary>Bodies that came, by path.</summary>
    public List<(string Path, string Body)> Requests { get; } = [];

    /// <summary>StartWireguard, StartIptables, ListenForHttps.</summary>
    public static async Task<ModalServer> StartAsync(NetworkNamespace host, string password = "open sesame")
    {
        var server = new ModalServer(host, password);
        await server._wireGuard.CreateAsync(server._link, CancellationToken.None);
        StandAloneNetwork.Ip(host, $"address add 240.1.0.1/16 dev {server._link}");
        StandAloneNetwork.Ip(host, $"link set {server._link} up");
        await server._wireGuard.ConfigureAsync(server._link, new DeviceConfig { PrivateKey = server._key, ListenPort = 50227 }, CancellationToken.None);
        // Its README has people set both.
        StandAloneNetwork.Shell(host, "sysctl -qw net.ipv4.ip_forward=1 net.ipv4.conf.all.rp_filter=2");
        StandAloneNetwork.Shell(host, $"nft 'table ip modal {{ chain nat {{ type nat hook postrouting priority srcnat; iifname \"{server._link}\" snat to {StandAloneNetwork.Address}; }}; }}'");
        _ = Accepting.EachAsync(server._listener, server.AnswerAsync);
        return server;
    }

    public void Dispose()
    {
        _listener.Dispose();
        _wireGuard.DeleteAsync(_link, CancellationToken.None).GetAwaiter().GetResult();
        _wireGuard.Dispose();
        _certificate.Dispose();
    }

    private async Task AnswerAsync(TcpClient client)
    {
        try
        {
            using var tcp = client;
            await using var tls = new SslStream(client.GetStream());
            await tls.AuthenticateAsServerAsync(_certificate);
            var (line, headers, body) = await RawHttps.ReadMessageAsync(tls, CancellationToken.None);
            var (status, type, text) = await HandleAsync(line.Split(' ')[0], line.Split(' ')[1], headers.GetValueOrDefault("Authorization") ?? "", body);
            await tls.WriteAsync(Encoding.UTF8.GetBytes(
                $"HTTP/1.1 {status} X\r\nContent-Type: {type}\r\nContent-Length: {Encoding.UTF8.GetByteCount(text)}\r\nConnection: close\r\n\r\n{text}"));
        }
        catch (Exception gone) when (gone is IOException or System.Security.Authentication.AuthenticationException)
        {
            // A client that does not trust us, or went.
        }
    }

    /// <summary>indexHandler, connectHandler, disconnectHandler; http.Error writes text/plain and a newline.</summary>
    private async Task<(int Status, string Type, string Text)> HandleAsync(string method, string path, string authorization, string body)
    {
        lock (Requests)
            Requests.Add((path, body));
        static (int, string, string) Error(int status, string text) => (status, "text/plain; charset=utf-8", text + "\n");
        if (path is not ("/connect" or "/disconnect"))
            return method == "GET" ? (200, "text/plain", "vprox ok.\n") : Error(405, "method not allowed");
        if (method != "POST")
            return Error(405, "method not allowed");
        if (authorization != $"Bearer {_password}")
            return Error(401, "unauthorized");
        WireGuardKey key;
        try
        {
            using var json = JsonDocument.Parse(body);
            if (!WireGuardKey.TryParse(json.RootElement.GetProperty("PeerPublicKey").GetString(), out key))
                return Error(400, "invalid peer public key");
        }
        catch (JsonException)
        {
            return Error(400, "failed to parse request body");
        }
        return path == "/connect" ? await ConnectAsync(key) : await DisconnectAsync(key);
    }

    private async Task<(int, string, string)> ConnectAsync(WireGuardKey key)
    {
        if (!_peers.TryGetValue(key.ToString(), out var address))
            _peers[key.ToString()] = address = Block.AddressAt(2 + _peers.Count);
        await _wireGuard.ConfigureAsync(_link, new DeviceConfig { Peers = [new PeerConfig { PublicKey = key, ReplaceAllowedIps = true, AllowedIps = [Ipv4Prefix.Host(address)] }] }, CancellationToken.None);
        return (200, "application/json", $$"""{"AssignedAddr":"{{address}}/16","ServerPublicKey":"{{_key.PublicKey()}}","ServerListenPort":50227}""");
    }

    private async Task<(int, string, string)> DisconnectAsync(WireGuardKey key)
    {
        if (_peers.Remove(key.ToString()))
            await _wireGuard.ConfigureAsync(_link, new DeviceConfig { Peers = [new PeerConfig { PublicKey = key, Remove = true }] }, CancellationToken.None);
        return (200, "application/json", """{"Status":"success"}""");
    }

    private static X509Certificate2 Certificate()
    {
        using var key = RSA.Create(4096);
        using var made = new CertificateRequest("CN=vprox", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }
}
