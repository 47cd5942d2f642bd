using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Vprox.Lab.Namespaces;

namespace Vprox.Cli.Tests.Live;

/// <summary>An IMDSv2 on a host's loopback that shows what the test says.</summary>
internal sealed class SmallImds : IDisposable
{
    private readonly TcpListener _listener;

    public SmallImds(NetworkNamespace host)
    {
        _listener = host.Run(() =>
        {
            var listener = new TcpListener(IPAddress.Loopback, 8169);
            listener.Start();
            return listener;
        });
        _ = Accepting.EachAsync(_listener, AnswerAsync);
    }

    public static string Url => "http://127.0.0.1:8169";

    /// <summary>Path below /latest/meta-data/ → text.</summary>
    public ConcurrentDictionary<string, string> Values { get; } = new();

    public void Dispose() => _listener.Dispose();

    private async Task AnswerAsync(TcpClient client)
    {
        try
        {
            using var tcp = client;
            var stream = client.GetStream();
            while ((await RawHttps.ReadMessageAsync(stream, CancellationToken.None)).Line.Split(' ') is [var method, var path, ..])
            {
                const string root = "/latest/meta-data/";
                var text = method == "PUT" ? "token" : path.StartsWith(root, StringComparison.Ordinal) ? Values.GetValueOrDefault(path[root.Length..]) : null;
                await stream.WriteAsync(Encoding.UTF8.GetBytes($"HTTP/1.1 {(text is null ? "404 Not Found" : "200 OK")}\r\nContent-Length: {text?.Length ?? 0}\r\n\r\n{text}"));
            }
        }
        catch (IOException)
        {
            // The server went.
        }
    }
}
