using Vprox.WireGuard;
using Vprox.WorkerAgent.Core;

namespace Vprox.WorkerAgent.Adapters.Nodes;

/// <summary>The HTTPS server on a static address.</summary>
public interface INodeClient
{
    /// <summary>POST /connect.</summary>
    Task<NodeReply> ConnectAsync(TunnelGrant grant, WireGuardKey peer, CancellationToken cancellationToken);

    /// <summary>POST /disconnect; null when the node took it, otherwise why it did not.</summary>
    Task<string?> DisconnectAsync(TunnelGrant grant, WireGuardKey peer, CancellationToken cancellationToken);
}
