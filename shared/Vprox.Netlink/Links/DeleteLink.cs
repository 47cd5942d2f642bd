namespace Vprox.Netlink;

/// <summary>Deletes a link, with its addresses and routes; of a veth pair both ends go. ENODEV when there is none of that name.</summary>
/// <param name="Name">Interface name.</param>
public sealed record DeleteLink(string Name) : RouteRequest
{
    /// <inheritdoc/>
    public override string Command => $"ip link delete {Name}";

    internal override ushort MessageType => RouteMessage.RTM_DELLINK;

    internal override ushort Flags => 0;

    internal override void Write(NetlinkWriter writer)
    {
        writer.Header(default(LinkHeader));
        LinkSettings.Write(writer, Name);
    }
}
