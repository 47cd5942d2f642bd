using System.Net.Sockets;

namespace Vprox.Cli.Connect;

/// <summary>
/// Makes a TCP connection to a server that is coming back. The kernel repeats a SYN after 1, 3, 7 s (RTO, RFC 6298), so that a server which returns in
/// between is met late; a new attempt costs one packet. Refused ones are repeated too: the address may be back before the server is.
/// </summary>
internal static class PatientDialer
{
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan AfterRefusal = TimeSpan.FromMilliseconds(100);

    /// <summary>Connects; ends with the token.</summary>
    public static async ValueTask<Stream> DialAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        for (var wait = FirstWait; ; wait = wait * 2 < LongestWait ? wait * 2 : LongestWait)
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
                patience.CancelAfter(wait);
                await socket.ConnectAsync(context.DnsEndPoint, patience.Token).ConfigureAwait(false);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                socket.Dispose();
            }
            catch (SocketException e) when (e.SocketErrorCode is SocketError.ConnectionRefused or SocketError.HostUnreachable or SocketError.NetworkUnreachable)
            {
                socket.Dispose();
                await Task.Delay(AfterRefusal, cancellationToken).ConfigureAwait(false);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }
    }
}
