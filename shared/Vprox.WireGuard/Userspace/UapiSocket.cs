using System.Net.Sockets;
using System.Security.Cryptography;

namespace Vprox.WireGuard.Userspace;

/// <summary>
/// The unix socket of one wireguard-go daemon. Every operation has a connection of its own, as wg(8) does it, so that a client that
/// gave up in the middle leaves nothing behind.
/// </summary>
internal sealed class UapiSocket(string path)
{
    /// <summary>A peer with ten allowed IPs takes about 600 bytes: this holds 100,000 of them, a hundred times what a /22 can.</summary>
    private const int LargestAnswer = 64 << 20;

    private static readonly byte[] Get = "get=1\n\n"u8.ToArray();

    /// <summary>Whether a daemon listens.</summary>
    public async Task<UapiSocketState> ProbeAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var socket = await ConnectAsync(cancellationToken);
            return UapiSocketState.Alive;
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionRefused)
        {
            return UapiSocketState.Stale;
        }
        catch (SocketException e) when (IsAbsent(e))
        {
            return UapiSocketState.Absent;
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.WouldBlock)
        {
            // The queue of connections is full (unix(7): EAGAIN): busy, so alive.
            return UapiSocketState.Alive;
        }
    }

    /// <summary>Takes away the file of a socket that nobody listens on.</summary>
    public void RemoveStale() => File.Delete(path);

    /// <summary>Reads the device; null when no daemon listens.</summary>
    public async Task<Device?> GetAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            return await ExchangeAsync(Get, answer => UapiParser.ParseGet(name, answer), cancellationToken);
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionRefused || IsAbsent(e))
        {
            return null;
        }
    }

    /// <summary>Sends a change and checks its answer.</summary>
    public async Task SetAsync(DeviceConfig config, CancellationToken cancellationToken)
    {
        var request = UapiEncoder.Set(config);
        try
        {
            await ExchangeAsync(request, answer =>
            {
                UapiParser.ParseSet(answer);
                return true;
            }, cancellationToken);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(request);
        }
    }

    private delegate T Parse<T>(ReadOnlySpan<byte> answer);

    private async Task<T> ExchangeAsync<T>(byte[] request, Parse<T> parse, CancellationToken cancellationToken)
    {
        using var socket = await ConnectAsync(cancellationToken);
        try
        {
            for (var sent = 0; sent < request.Length;)
                sent += await socket.SendAsync(request.AsMemory(sent), cancellationToken);
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.Shutdown or SocketError.ConnectionReset)
        {
            // The daemon refused a line, answered and closed before it had read all: its answer says why.
        }
        var buffer = new byte[4096];
        var length = 0;
        try
        {
            while (!buffer.AsSpan(0, length).EndsWith("\n\n"u8))
            {
                if (length == buffer.Length)
                    buffer = Grow(buffer);
                var received = await socket.ReceiveAsync(buffer.AsMemory(length), cancellationToken);
                if (received == 0)
                    break;
                length += received;
            }
            return parse(buffer.AsSpan(0, length));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(buffer);
        }
    }

    /// <summary>The answer holds the private key, so the smaller buffer is wiped.</summary>
    private static byte[] Grow(byte[] buffer)
    {
        if (buffer.Length >= LargestAnswer)
            throw new WireGuardException($"the answer has more than {LargestAnswer} bytes");
        var larger = new byte[buffer.Length * 2];
        buffer.CopyTo(larger, 0);
        CryptographicOperations.ZeroMemory(buffer);
        return larger;
    }

    private async Task<Socket> ConnectAsync(CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>.NET has no error of its own for ENOENT and shows it as AddressNotAvailable (SocketErrorPal.Unix).</summary>
    private static bool IsAbsent(SocketException e) => e.SocketErrorCode == SocketError.AddressNotAvailable;
}
