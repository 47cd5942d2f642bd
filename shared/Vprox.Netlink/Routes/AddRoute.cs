namespace Vprox.Netlink;

/// <summary>Adds a route. EEXIST when the table has one of the same destination and metric.</summary>
/// <param name="Route">The route.</param>
public sealed record AddRoute(RouteSpec Route) : RouteRequest
{
    /// <inheritdoc/>
    public override string Command => $"ip route add {Route}";

    internal override ushort MessageType => RouteMessage.RTM_NEWROUTE;

    internal override ushort Flags => Interop.NLM_F_CREATE | Interop.NLM_F_EXCL;

    internal override void Write(NetlinkWriter writer) => Route.Write(writer, Route.Scope);
}
