namespace Vprox.NodeAgent.Core.DataPlane.Counting;

/// <summary>
/// What has passed through an address in one direction since the address was placed on this node. Counted are the packets of containers and of those
/// they talk to, where the node forwards them: outgoing ones decrypted, past the firewall and before the shaper; incoming ones past shaper and firewall,
/// before they are encrypted. Not counted are encrypted packets and what the node itself sends or takes, such as /connect or a ping of the inner gateway.
/// </summary>
/// <param name="ListenPort">The address, by its listen port.</param>
/// <param name="Outgoing">True for what containers sent, false for what the internet sent them.</param>
/// <param name="Bytes">Bytes of IP packets, header included. Translation does not change a packet's length: inside and outside it is the same.</param>
/// <param name="Packets">
/// IP packets as the node handles them. TCP segments that WireGuard or the network card merged (GRO) are one, with one header in the bytes; whatever is not
/// merged, as most of UDP, is counted one by one.
/// </param>
/// <param name="Drops">
/// Packets that were dropped because the address was at its limit; 0 where it has none. Outgoing ones were counted before, so that packets less drops went
/// out; incoming ones were not.
/// </param>
public sealed record AddressTraffic(int ListenPort, bool Outgoing, ulong Bytes, ulong Packets, ulong Drops);
