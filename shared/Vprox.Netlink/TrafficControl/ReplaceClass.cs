namespace Vprox.Netlink;

/// <summary>
/// Adds an HTB class, or changes the one of this id in place: what is queued stays queued. A class cannot be given another parent (EINVAL). ENOENT
/// when the link has no such qdisc.
/// </summary>
/// <param name="LinkIndex">The link.</param>
/// <param name="Parent">The qdisc, or a class of it.</param>
/// <param name="ClassId">The class.</param>
/// <param name="Spec">Rates.</param>
public sealed record ReplaceClass(int LinkIndex, TrafficHandle Parent, TrafficHandle ClassId, HtbClassSpec Spec) : RouteRequest
{
    /// <inheritdoc/>
    public override string Command => $"tc class replace {Device(LinkIndex)} parent {Parent} classid {ClassId} {Spec}";

    internal override ushort MessageType => RouteMessage.RTM_NEWTCLASS;

    internal override ushort Flags => Interop.NLM_F_CREATE;

    internal override void Write(NetlinkWriter writer)
    {
        writer.Header(new TrafficHeader(LinkIndex, ClassId, Parent));
        writer.Text(TrafficAttribute.TCA_KIND, HtbQdisc.KindName);
        using (writer.Nested(TrafficAttribute.TCA_OPTIONS, flag: false))
            Spec.WriteOptions(writer);
    }
}
