using System.Net;
using Vprox.WireGuard;

namespace Vprox.NodeAgent.Core.Peers;

/// <summary>A tunnel of a static address as this node keeps it.</summary>
public sealed record TunnelPeer
{
    /// <summary>The worker's key for this tunnel.</summary>
    public required WireGuardKey PublicKey { get; init; }

    /// <summary>Its inner addresses; no other peer of the address has any of them.</summary>
    public required IReadOnlyList<IPAddress> InnerAddresses { get; init; }

    /// <summary>Where it was seen last, here or by the node before; null when it never was.</summary>
    public IPEndPoint? Endpoint { get; init; }

    /// <summary>When its newest grant was issued, as it or its placement says; null when neither did.</summary>
    public DateTimeOffset? GrantedAt { get; init; }

    /// <summary>When that grant ends; null when it is not known here.</summary>
    public DateTimeOffset? LeaseExpiresAt { get; init; }

    /// <summary>When it was placed, adopted, or last connected: it is not idle before this is old.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>
    /// True when a grant may take its inner addresses. The Allocator gives one anew only when the lease has ended or the tunnel has given it back:
    /// then the later of two grants is right. Of a peer whose grant is not known here, the one in hand is the Allocator's newer word.
    /// </summary>
    public bool YieldsTo(DateTimeOffset grantedAt, DateTimeOffset now) => LeaseExpiresAt <= now || GrantedAt is not { } own || own < grantedAt;
}
