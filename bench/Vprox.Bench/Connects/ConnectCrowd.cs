using System.Diagnostics;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using Vprox.Bench.Nodes;

namespace Vprox.Bench.Connects;

/// <summary>Many clients that connect at one moment, each on a connection of its own.</summary>
internal static class ConnectCrowd
{
    /// <summary>What came of it.</summary>
    /// <param name="Failures">Clients that were not answered 200.</param>
    /// <param name="FirstFailure">What one of them saw.</param>
    /// <param name="Percentile99">Time from the common start to the answer.</param>
    public sealed record Result(int Failures, string? FirstFailure, TimeSpan Percentile99);

    public static async Task<Result> RunAsync(NodeHost host, IPEndPoint server, IReadOnlyList<GrantSupply.Item> grants, CancellationToken cancel)
    {
        var sockets = host.Client.Run(() => grants.Select(_ => new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)).ToList());
        var started = Stopwatch.GetTimestamp();
        var answers = await Task.WhenAll(sockets.Zip(grants, async (socket, grant) =>
        {
            var status = await ConnectAsync(socket, server, grant, cancel);
            return (Status: status, Took: Stopwatch.GetElapsedTime(started));
        }));
        var failures = answers.Where(answer => !answer.Status.StartsWith("HTTP/1.1 200", StringComparison.Ordinal)).ToList();
        return new Result(
            failures.Count,
            failures.Count > 0 ? failures[0].Status : null,
            answers.Select(answer => answer.Took).Order().ElementAt((int)(answers.Length * 0.99)));
    }

    private static async Task<string> ConnectAsync(Socket socket, IPEndPoint server, GrantSupply.Item grant, CancellationToken cancel)
    {
        try
        {
            using (socket)
            {
                await socket.ConnectAsync(server, cancel);
                var tls = new SslStream(new NetworkStream(socket), leaveInnerStreamOpen: false);
                await using var _ = tls.ConfigureAwait(false);
                await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
                {
                    // Sessions are kept by this name: one of its own, and each handshake is a whole one.
                    TargetHost = $"{Convert.ToHexStringLower(grant.Key.ToArray().AsSpan(0, 16))}.invalid",
                    // Its speed is asked for, not its identity.
                    RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null,
                }, cancel);
                var body = $$"""{"PeerPublicKey":"{{grant.Key}}"}""";
                await tls.WriteAsync(Encoding.ASCII.GetBytes(
                    $"POST /connect HTTP/1.1\r\nHost: {server.Address}\r\nAuthorization: Bearer {grant.Token}\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n{body}"), cancel);
                using var reader = new StreamReader(tls, Encoding.ASCII);
                return await reader.ReadLineAsync(cancel) ?? "the connection ended";
            }
        }
        catch (Exception e) when (e is IOException or SocketException or System.Security.Authentication.AuthenticationException)
        {
            return e.Message;
        }
    }
}
