using System.Net;
using Vprox.Cli.Server;
using Vprox.Identity;
using Vprox.WireGuard;
using Vprox.WorkerAgent.Adapters.Nodes;
using Vprox.WorkerAgent.Core;

namespace Vprox.Cli.Connect;

/// <summary>The server's HTTPS side: ours, or modal-labs/vprox's, which reads PeerPublicKey and passes over the rest.</summary>
internal sealed class ServerClient(ConnectOptions options, WireGuardPrivateKey key, ServerTrust trust, TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(3);

    private readonly NodeHttp _http = new(Patience, time, PatientDialer.DialAsync);

    /// <summary>What became of a wish to connect.</summary>
    public abstract record Reply
    {
        /// <summary>The server agreed.</summary>
        public sealed record Agreed(DesiredTunnel Tunnel) : Reply;

        /// <summary>It did not, or was not to be reached.</summary>
        /// <param name="Reason">A sentence.</param>
        /// <param name="RetryAfter">When the server wants to be asked again; null when it said nothing.</param>
        /// <param name="Final">True when asking again in the same way is no use.</param>
        /// <param name="Heard">True when somebody answered.</param>
        public sealed record Failed(string Reason, TimeSpan? RetryAfter, bool Final, bool Heard = true) : Reply;
    }

    /// <summary>POST /connect.</summary>
    /// <param name="before">Inner addresses that the tunnel had: with them its connections go on.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<Reply> ConnectAsync(IReadOnlyList<IPAddress> before, CancellationToken cancellationToken)
    {
        var body = new { PeerPublicKey = key.PublicKey().ToString(), options.PortBlocks, InnerAddresses = before.Select(address => address.ToString()).ToList() };
        return await _http.ConnectAsync(options.Url, options.Password, body, trust.Trusts, cancellationToken).ConfigureAwait(false) switch
        {
            NodeReply.Accepted accepted => ServerAnswer.TryParse(accepted.Answer, options, key, trust.Shown!, out var tunnel, out var fault)
                ? new Reply.Agreed(tunnel)
                : new Reply.Failed($"{options.Server} answered something that cannot be used: {fault}", null, Final: true),
            NodeReply.Unauthorized => new Reply.Failed($"{options.Server} does not take this VPROX_PASSWORD", null, Final: true),
            NodeReply.Refused refused => new Reply.Failed(refused.Reason, null, Final: true),
            NodeReply.Busy busy => new Reply.Failed(busy.Reason, busy.RetryAfter, Final: false),
            NodeReply.Unreachable unreachable => trust.Refusal is { } refusal
                ? new Reply.Failed(refusal, null, Final: true)
                : new Reply.Failed(unreachable.Reason, null, Final: false, Heard: false),
            var other => throw new InvalidOperationException($"unknown reply {other.GetType().Name}"),
        };
    }

    /// <summary>POST /disconnect, with a proof that it is ours to say, within 3 s; null when the server took it, otherwise why not.</summary>
    public async Task<string?> DisconnectAsync(WireGuardKey server)
    {
        using var deadline = new CancellationTokenSource(Farewell, time);
        var proof = PeerProof.Make(key, server, PasswordAuthorizer.DisconnectAction, time.GetUtcNow());
        try
        {
            return await _http.DisconnectAsync(
                options.Url, options.Password, new { PeerPublicKey = key.PublicKey().ToString(), Proof = proof }, trust.Trusts, deadline.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return "no answer in time";
        }
    }
}
