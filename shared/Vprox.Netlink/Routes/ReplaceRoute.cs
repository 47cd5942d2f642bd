namespace Vprox.Netlink;

/// <summary>Adds a route, or replaces the one of the same destination and metric in its table. One of another metric stays.</summary>
/// <param name="Route">The route.</param>
public sealed record ReplaceRoute(RouteSpec Route) : RouteRequest
{
    /// <inheritdoc/>
    public override string Command => $"ip route replace {Route}";

    internal override ushort MessageType => RouteMessage.RTM_NEWROUTE;

    internal override ushort Flags => Interop.NLM_F_CREATE | Interop.NLM_F_REPLACE;

    internal override void Write(NetlinkWriter writer) => Route.Write(writer, Route.Scope);
}
