namespace Vprox.Netlink;

/// <summary>Deletes the first route that matches all that is said, protocol included. ESRCH when there is none.</summary>
/// <param name="Route">The route.</param>
public sealed record DeleteRoute(RouteSpec Route) : RouteRequest
{
    /// <inheritdoc/>
    public override string Command => $"ip route delete {Route}";

    internal override ushort MessageType => RouteMessage.RTM_DELROUTE;

    internal override ushort Flags => 0;

    internal override void Write(NetlinkWriter writer) => Route.Write(writer, RouteAttribute.RT_SCOPE_NOWHERE);
}
