using System.Net;

namespace Vprox.NodeAgent.Core.Handshakes;

/// <summary>A peer that shall have a handshake with this node because its address has arrived here.</summary>
/// <param name="Address">The public address.</param>
/// <param name="ListenPort">Its interface's.</param>
/// <param name="Peer">The peer, with its last seen endpoint.</param>
/// <param name="ArrivedAt">Handshakes before this were another node's, or of another time.</param>
/// <param name="Attempt">Initiations sent so far.</param>
/// <param name="DueAt">When the next one is due.</param>
public sealed record PendingHandshake(IPAddress Address, int ListenPort, DesiredPeer Peer, DateTimeOffset ArrivedAt, int Attempt, DateTimeOffset DueAt);
