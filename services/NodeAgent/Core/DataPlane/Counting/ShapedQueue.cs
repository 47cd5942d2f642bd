namespace Vprox.NodeAgent.Core.DataPlane.Counting;

/// <summary>The queue of an address in a tree of traffic control.</summary>
/// <param name="LinkIndex">The ENI, or its ifb; a link that is made again has another one.</param>
/// <param name="ListenPort">The address, by its listen port.</param>
/// <param name="Outgoing">True on an ENI.</param>
public readonly record struct ShapedQueue(int LinkIndex, int ListenPort, bool Outgoing);
