namespace Vprox.Netlink;

/// <summary>Deletes a queueing discipline with all that is below it; a root's place is taken by the kernel's default. EINVAL or ENOENT when there is none.</summary>
/// <param name="LinkIndex">The link.</param>
/// <param name="Parent">Its parent.</param>
/// <param name="Handle">Its handle, so that no other is deleted in its place.</param>
public sealed record DeleteQdisc(int LinkIndex, TrafficHandle Parent, TrafficHandle Handle) : RouteRequest
{
    /// <inheritdoc/>
    public override string Command => Parent == TrafficHandle.Ingress
        ? $"tc qdisc delete {Device(LinkIndex)} ingress"
        : $"tc qdisc delete {Device(LinkIndex)} {TrafficWords.Parent(Parent)} handle {Handle}";

    internal override ushort MessageType => RouteMessage.RTM_DELQDISC;

    internal override ushort Flags => 0;

    internal override void Write(NetlinkWriter writer)
    {
        writer.Header(new TrafficHeader(LinkIndex, Handle, Parent));
        if (Parent == TrafficHandle.Ingress)
            writer.Text(TrafficAttribute.TCA_KIND, "ingress");
    }
}
