using System.Net;
using Vprox.WireGuard;

namespace Vprox.NodeAgent.Core.Placements;

/// <summary>A tunnel that came with a placement.</summary>
public sealed record PlacedTunnel(WireGuardKey PublicKey, IReadOnlyList<IPAddress> InnerAddresses, IPEndPoint? Endpoint, DateTimeOffset? GrantedAt = null)
{
    /// <summary>True when its grant is newer than another, or that is not known and its own is.</summary>
    public bool IsGrantedAfter(DateTimeOffset? other) => GrantedAt > (other ?? DateTimeOffset.MinValue);
}
