namespace Vprox.NodeAgent.Core.DataPlane.Shaping;

/// <summary>What the shaping of an address has counted in one direction since its class was made.</summary>
/// <param name="ListenPort">The address, by its listen port.</param>
/// <param name="Outgoing">True for what containers sent, false for what the internet sent them.</param>
/// <param name="Bytes">Bytes of IP packets that were sent on.</param>
/// <param name="Packets">Packets that were sent on.</param>
/// <param name="Drops">Packets that were dropped because the address was at its limit.</param>
public sealed record AddressTraffic(int ListenPort, bool Outgoing, ulong Bytes, ulong Packets, ulong Drops);
