namespace Vprox.Netlink;

/// <summary>Deletes a class with the qdisc in it and all that is queued there. ENOENT when there is none; EBUSY while it has classes below it.</summary>
/// <param name="LinkIndex">The link.</param>
/// <param name="ClassId">The class.</param>
public sealed record DeleteClass(int LinkIndex, TrafficHandle ClassId) : RouteRequest
{
    /// <inheritdoc/>
    public override string Command => $"tc class delete {Device(LinkIndex)} classid {ClassId}";

    internal override ushort MessageType => RouteMessage.RTM_DELTCLASS;

    internal override ushort Flags => 0;

    internal override void Write(NetlinkWriter writer) => writer.Header(new TrafficHeader(LinkIndex, ClassId, default));
}
