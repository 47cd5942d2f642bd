namespace Vprox.Netlink;

/// <summary>A flow as its answers come back, after translation. Addresses are numbers in host order.</summary>
/// <param name="Protocol">IPPROTO_TCP 6, IPPROTO_UDP 17, …</param>
/// <param name="RemoteAddress">Where answers come from.</param>
/// <param name="RemotePort">0 for protocols without ports.</param>
/// <param name="LocalAddress">Where they go to: what the flow was translated to.</param>
/// <param name="LocalPort">0 for protocols without ports.</param>
public readonly record struct ReplyTuple(byte Protocol, uint RemoteAddress, ushort RemotePort, uint LocalAddress, ushort LocalPort)
{
    /// <summary>Where answers come from.</summary>
    public FlowRemote Remote => new(Protocol, RemoteAddress, RemotePort);
}
