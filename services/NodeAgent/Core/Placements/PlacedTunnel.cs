using System.Net;
using Vprox.WireGuard;

namespace Vprox.NodeAgent.Core.Placements;

/// <summary>A tunnel that came with a placement.</summary>
public sealed record PlacedTunnel(WireGuardKey PublicKey, IReadOnlyList<IPAddress> InnerAddresses, IPEndPoint? Endpoint, DateTimeOffset? GrantedAt = null);
