using Vprox.NodeAgent.Core.Peers;
using Vprox.NodeAgent.Core.Placements;

namespace Vprox.NodeAgent.Core.Ports;

/// <summary>An address with its tunnels.</summary>
public sealed record AddressTunnels(Placement Placement, IReadOnlyList<TunnelPeer> Peers);
