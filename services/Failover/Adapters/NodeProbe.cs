using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Vprox.Failover.Core.Liveness;

namespace Vprox.Failover.Adapters;

/// <summary>
/// Asks a node directly whether it is there: a TCP connection, TLS, GET /. A raw socket and not HttpClient, because it matters at which of
/// these it ends.
/// </summary>
public sealed class NodeProbe(FailoverOptions options, TimeProvider time)
{
    // A timer that fires this late means that this process, or the whole machine, stood still: the time-out says nothing about the node.
    private static readonly TimeSpan Late = TimeSpan.FromMilliseconds(200);

    private static readonly byte[] Request = "GET / HTTP/1.1\r\nHost: node\r\nConnection: close\r\n\r\n"u8.ToArray();
    private static readonly byte[] Ok = "HTTP/1.1 200"u8.ToArray();

    /// <summary>Probes; null when nothing can be said, because the fault is on this side.</summary>
    public async Task<ProbeOutcome?> ProbeAsync(IPEndPoint target, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        try
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            using var deadline = new CancellationTokenSource(options.ProbeAnswerTimeout, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
            if (!await ConnectAsync(socket, target, either.Token))
                return time.GetElapsedTime(began) > options.ProbeTimeout + Late ? null : ProbeOutcome.Unreachable;
            try
            {
                return await AskAsync(socket, either.Token) ? ProbeOutcome.Answered : ProbeOutcome.Refused;
            }
            catch (OperationCanceledException) when (deadline.IsCancellationRequested)
            {
                // Bytes that lie there unread were late here, not at the node.
                return time.GetElapsedTime(began) > options.ProbeAnswerTimeout + Late || socket.Available > 0 ? null : ProbeOutcome.Hung;
            }
            catch (Exception ended) when (ended is IOException or AuthenticationException)
            {
                return ProbeOutcome.Refused;
            }
        }
        catch (SocketException failed)
        {
            return failed.SocketErrorCode switch
            {
                SocketError.ConnectionRefused or SocketError.ConnectionReset or SocketError.ConnectionAborted => ProbeOutcome.Refused,
                SocketError.HostUnreachable or SocketError.NetworkUnreachable or SocketError.HostDown or SocketError.TimedOut => ProbeOutcome.Unreachable,
                // No descriptor, no buffer, no port, a firewall of our own.
                _ => null,
            };
        }
    }

    /// <summary>False when no SYN-ACK came within the time for it.</summary>
    private async Task<bool> ConnectAsync(Socket socket, IPEndPoint target, CancellationToken cancellationToken)
    {
        var connecting = socket.ConnectAsync(target, cancellationToken).AsTask();
        var patience = Task.Delay(options.ProbeTimeout, time, cancellationToken);
        // The kernel may have the connection, or a refusal, and this process has been too slow to notice: the socket itself is asked.
        if (await Task.WhenAny(connecting, patience) == connecting || socket.Poll(TimeSpan.Zero, SelectMode.SelectWrite))
        {
            await connecting;
            return true;
        }
        cancellationToken.ThrowIfCancellationRequested();
        socket.Dispose();
        try
        {
            await connecting;
        }
        catch (Exception given) when (given is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // It was given up; how it ends is of no interest, only that it was waited for.
        }
        return false;
    }

    private static async Task<bool> AskAsync(Socket socket, CancellationToken cancellationToken)
    {
        await using var tls = new SslStream(new NetworkStream(socket, ownsSocket: false));
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "node",
            ApplicationProtocols = [SslApplicationProtocol.Http11],
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
#pragma warning disable CA5359 // Liveness only: nothing secret is sent, and nothing that comes back is believed but that somebody is there. On its
            // primary address a node shows a certificate that it made for itself and tells nobody of; the pins in grants are those of static
            // addresses, which move. Whoever can answer in a dead node's place has its address already, and keeps it from failing over, no more.
            RemoteCertificateValidationCallback = Anybody,
#pragma warning restore CA5359
        }, cancellationToken);
        await tls.WriteAsync(Request, cancellationToken);
        var answer = new byte[Ok.Length];
        return await tls.ReadAtLeastAsync(answer, answer.Length, throwOnEndOfStream: false, cancellationToken) == Ok.Length && answer.AsSpan().SequenceEqual(Ok);
    }

    private static bool Anybody(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors) => true;
}
