namespace Vprox.Netlink;

/// <summary>Deletes a filter; with handle 0 all of its preference. ENOENT or EINVAL when there is none.</summary>
/// <param name="Where">Its place and handle.</param>
/// <param name="Kind">The kernel's name of its kind.</param>
public sealed record DeleteFilter(FilterReference Where, string Kind) : RouteRequest
{
    /// <inheritdoc/>
    public override string Command => $"tc filter delete {Where.Words(Kind)} {Kind}";

    internal override ushort MessageType => RouteMessage.RTM_DELTFILTER;

    internal override ushort Flags => 0;

    internal override void Write(NetlinkWriter writer)
    {
        writer.Header(Where.Header);
        writer.Text(TrafficAttribute.TCA_KIND, Kind);
    }
}
