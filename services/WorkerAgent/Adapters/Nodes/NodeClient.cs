using System.Net;
using Vprox.WireGuard;
using Vprox.WorkerAgent.Core;

namespace Vprox.WorkerAgent.Adapters.Nodes;

/// <summary>HTTPS with the pinned key as the only trust: whoever holds it is the static address, on whatever node.</summary>
public sealed class NodeClient(WorkerAgentOptions options, TimeProvider time) : INodeClient
{
    private readonly NodeHttp _http = new(options.ConnectTimeout, time);

    /// <inheritdoc/>
    public Task<NodeReply> ConnectAsync(TunnelGrant grant, WireGuardKey peer, IReadOnlyList<IPAddress> only, CancellationToken cancellationToken) =>
        _http.ConnectAsync(Server(grant), grant.Token, Body(peer, only), grant.TlsPin.Matches, cancellationToken);

    /// <inheritdoc/>
    public Task<string?> DisconnectAsync(TunnelGrant grant, WireGuardKey peer, CancellationToken cancellationToken) =>
        _http.DisconnectAsync(Server(grant), grant.Token, Body(peer, []), grant.TlsPin.Matches, cancellationToken);

    private Uri Server(TunnelGrant grant) => new UriBuilder("https", grant.Address.ToString(), options.NodeHttpsPort).Uri;

    private static object Body(WireGuardKey peer, IReadOnlyList<IPAddress> only) => only.Count == 0
        ? new { PeerPublicKey = peer.ToString() }
        : new { PeerPublicKey = peer.ToString(), InnerAddresses = only.Select(address => address.ToString()) };
}
