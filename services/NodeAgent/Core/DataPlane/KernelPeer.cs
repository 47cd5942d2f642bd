using System.Net;
using Vprox.Addressing;
using Vprox.WireGuard;

namespace Vprox.NodeAgent.Core.DataPlane;

/// <summary>A peer of a tunnel interface.</summary>
public sealed record KernelPeer
{
    /// <summary>The worker's key.</summary>
    public required WireGuardKey PublicKey { get; init; }

    /// <summary>Its inner addresses.</summary>
    public required IReadOnlySet<Ipv4Prefix> AllowedIps { get; init; }

    /// <summary>Where it was heard last; as a wish, where to find a peer that the kernel does not have yet.</summary>
    public IPEndPoint? Endpoint { get; init; }

    /// <summary>True while keepalives are on, which they only are for the moment that starts a handshake.</summary>
    public bool KeepsAlive { get; init; }
}
