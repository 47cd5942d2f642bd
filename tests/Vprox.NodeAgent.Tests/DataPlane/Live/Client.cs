using System.Net;
using System.Net.Sockets;
using System.Text;
using Vprox.Lab.Namespaces;

namespace Vprox.NodeAgent.Tests.DataPlane.Live;

/// <summary>A TCP client in a namespace.</summary>
public sealed class Client : IDisposable
{
    private readonly Socket _socket;

    private Client(Socket socket) => _socket = socket;

    /// <summary>Time that something which must work may take on a slow machine.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromSeconds(20);

    /// <summary>Connects from a source address and port (0: any).</summary>
    public static async Task<Client> ConnectAsync(NetworkNamespace place, string source, int sourcePort, IPAddress server, int port, TimeSpan? patience = null)
    {
        var socket = place.Run(() =>
        {
            var made = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            made.Bind(new IPEndPoint(IPAddress.Parse(source), sourcePort));
            return made;
        });
        try
        {
            using var deadline = new CancellationTokenSource(patience ?? Patience);
            await socket.ConnectAsync(new IPEndPoint(server, port), deadline.Token);
            return new Client(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>True when nothing answers for a second: not even a refusal.</summary>
    public static async Task<bool> IsSilentAsync(NetworkNamespace place, string source, IPAddress server, int port)
    {
        try
        {
            using var client = await ConnectAsync(place, source, 0, server, port, TimeSpan.FromSeconds(1));
            return false;
        }
        catch (OperationCanceledException)
        {
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    public async Task SendAsync(string text) => await _socket.SendAsync(Encoding.ASCII.GetBytes(text));

    /// <summary>Receives up to a line's end, without it.</summary>
    public async Task<string> ReceiveLineAsync()
    {
        using var deadline = new CancellationTokenSource(Patience);
        var line = new StringBuilder();
        var one = new byte[1];
        while (await _socket.ReceiveAsync(one, deadline.Token) == 1 && one[0] != '\n')
            line.Append((char)one[0]);
        return line.ToString();
    }

    /// <summary>Ends its side (FIN) and waits for the other's end.</summary>
    public async Task<bool> EndsAsync()
    {
        _socket.Shutdown(SocketShutdown.Send);
        return await IsEndedAsync();
    }

    /// <summary>Waits for the other side's end: true for FIN, false for RST.</summary>
    public async Task<bool> IsEndedAsync()
    {
        using var deadline = new CancellationTokenSource(Patience);
        try
        {
            while (await _socket.ReceiveAsync(new byte[1024], deadline.Token) > 0)
            {
            }
            return true;
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionReset)
        {
            return false;
        }
    }

    /// <summary>Ends at once, with an RST.</summary>
    public void Reset() => _socket.Close(timeout: 0);

    public void Dispose() => _socket.Dispose();
}
