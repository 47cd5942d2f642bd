using System.Net.Sockets;
using System.Text;

namespace Vprox.Cli.Tests.Live;

/// <summary>A connection to the echo server.</summary>
public sealed class EchoStream : IDisposable
{
    private readonly StreamReader _reader;
    private readonly NetworkStream _stream;
    private int _said;

    private EchoStream(Socket socket)
    {
        _stream = new NetworkStream(socket, ownsSocket: true);
        _reader = new StreamReader(_stream, Encoding.ASCII);
    }

    /// <summary>"address:port", as the internet sees this end.</summary>
    public string Seen { get; private set; } = "";

    /// <summary>Without the port.</summary>
    public string SeenAddress => Seen.Split(':')[0];

    public static async Task<EchoStream> BeginAsync(Socket socket, CancellationToken cancellationToken)
    {
        var stream = new EchoStream(socket);
        stream.Seen = await stream._reader.ReadLineAsync(cancellationToken) ?? "";
        return stream;
    }

    /// <summary>Says a line and hears it; a connection that was reset or lost throws.</summary>
    public async Task EchoAsync(TimeSpan? patience = null)
    {
        using var deadline = new CancellationTokenSource(patience ?? TimeSpan.FromSeconds(30));
        var line = $"line {++_said}";
        await _stream.WriteAsync(Encoding.ASCII.GetBytes(line + "\n"), deadline.Token);
        Assert.Equal(line, await _reader.ReadLineAsync(deadline.Token));
    }

    public void Dispose() => _reader.Dispose();
}
