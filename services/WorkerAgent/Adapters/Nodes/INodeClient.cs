using System.Net;
using Vprox.WireGuard;
using Vprox.WorkerAgent.Core;

namespace Vprox.WorkerAgent.Adapters.Nodes;

/// <summary>The HTTPS server on a static address.</summary>
public interface INodeClient
{
    /// <summary>POST /connect.</summary>
    /// <param name="grant">The right to.</param>
    /// <param name="peer">The tunnel's key.</param>
    /// <param name="only">The inner addresses wanted of those that the grant names; empty means all.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    Task<NodeReply> ConnectAsync(TunnelGrant grant, WireGuardKey peer, IReadOnlyList<IPAddress> only, CancellationToken cancellationToken);

    /// <summary>POST /disconnect; null when the node took it, otherwise why it did not.</summary>
    Task<string?> DisconnectAsync(TunnelGrant grant, WireGuardKey peer, CancellationToken cancellationToken);
}
