using Vprox.WireGuard;

namespace Vprox.NodeAgent.Core.Peers;

/// <summary>A peer that shall leave.</summary>
/// <param name="PublicKey">Its key.</param>
/// <param name="Reason">"idle" or "expired", as PeerRemoved says it.</param>
public sealed record LeavingPeer(WireGuardKey PublicKey, string Reason);
