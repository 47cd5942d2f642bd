using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Vprox.Lab.Namespaces;

namespace Vprox.Cli.Tests.Live;

/// <summary>HTTPS byte by byte, so that a test says what stands on the wire.</summary>
internal static class RawHttps
{
    /// <summary>An answer as it came.</summary>
    public sealed record Answer(int Status, IReadOnlyDictionary<string, string> Headers, string Body, X509Certificate2 Certificate);

    /// <summary>
    /// A POST as Go's net/http writes modal-labs/vprox's: Body is an io.NopCloser, so its length is not known and it goes chunked (Request.write,
    /// net/http/request.go); there is no Content-Type, because the client sets none (lib/client.go at 0a29730).
    /// </summary>
    public static string GoPost(string path, string token, string body) =>
        $"POST {path} HTTP/1.1\r\nHost: {StandAloneNetwork.Address}\r\nUser-Agent: Go-http-client/1.1\r\nTransfer-Encoding: chunked\r\nAuthorization: Bearer {token}\r\n"
        + $"Accept-Encoding: gzip\r\n\r\n{Encoding.UTF8.GetByteCount(body):x}\r\n{body}\r\n0\r\n\r\n";

    /// <summary>Sends a request, certificate unverified as modal-labs/vprox's client does (InsecureSkipVerify, cmd/connect.go), and reads one answer.</summary>
    public static async Task<Answer> SendAsync(NetworkNamespace from, string request)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(15));
        await using var tls = await ConnectAsync(from, deadline.Token);
        await tls.WriteAsync(Encoding.UTF8.GetBytes(request), deadline.Token);
        return await ReadAsync(tls, X509CertificateLoader.LoadCertificate(tls.RemoteCertificate!.GetRawCertData()), deadline.Token);
    }

    // A server that had no processor for a second shows no certificate until it has looked at its addresses anew.
    private static async Task<SslStream> ConnectAsync(NetworkNamespace from, CancellationToken deadline)
    {
        while (true)
        {
            var socket = from.Run(() => new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp));
            await socket.ConnectAsync(new IPEndPoint(StandAloneNetwork.Address, 443), deadline);
            var tls = new SslStream(new NetworkStream(socket, ownsSocket: true), false, (_, certificate, _, _) => certificate is not null);
            try
            {
                await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = StandAloneNetwork.Address.ToString() }, deadline);
                return tls;
            }
            catch (IOException)
            {
                await tls.DisposeAsync();
                await Task.Delay(50, deadline);
            }
        }
    }

    private static async Task<Answer> ReadAsync(Stream stream, X509Certificate2 certificate, CancellationToken cancellationToken)
    {
        var (line, headers, body) = await ReadMessageAsync(stream, cancellationToken);
        return new Answer(int.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture), headers, body, certificate);
    }

    /// <summary>Reads a message: its first line, headers and body, of known length or chunked.</summary>
    public static async Task<(string Line, Dictionary<string, string> Headers, string Body)> ReadMessageAsync(Stream stream, CancellationToken cancellationToken)
    {
        var line = await ReadLineAsync(stream, cancellationToken);
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        while (await ReadLineAsync(stream, cancellationToken) is { Length: > 0 } header)
            headers[header.Split(": ")[0]] = header.Split(": ", 2)[1];
        var body = new StringBuilder();
        if (headers.TryGetValue("Content-Length", out var length))
            body.Append(await ReadTextAsync(stream, int.Parse(length, CultureInfo.InvariantCulture), cancellationToken));
        else if (headers.GetValueOrDefault("Transfer-Encoding") == "chunked")
        {
            while (int.Parse(await ReadLineAsync(stream, cancellationToken), NumberStyles.HexNumber, CultureInfo.InvariantCulture) is > 0 and var size)
            {
                body.Append(await ReadTextAsync(stream, size, cancellationToken));
                await ReadLineAsync(stream, cancellationToken);
            }
            await ReadLineAsync(stream, cancellationToken);
        }
        return (line, headers, body.ToString());
    }

    private static async Task<string> ReadLineAsync(Stream stream, CancellationToken cancellationToken)
    {
        var line = new StringBuilder();
        var one = new byte[1];
        while (await stream.ReadAsync(one, cancellationToken) == 1 && one[0] != '\n')
            line.Append((char)one[0]);
        return line.ToString().TrimEnd('\r');
    }

    private static async Task<string> ReadTextAsync(Stream stream, int length, CancellationToken cancellationToken)
    {
        var bytes = new byte[length];
        await stream.ReadExactlyAsync(bytes, cancellationToken);
        return Encoding.UTF8.GetString(bytes);
    }
}
