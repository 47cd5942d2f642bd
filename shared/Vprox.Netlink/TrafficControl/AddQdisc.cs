using System.Runtime.InteropServices;

namespace Vprox.Netlink;

/// <summary>
/// Adds a queueing discipline. In the place of a link's root the kernel lets it replace only its own default, whose handle is 0:; any other
/// gives EEXIST. ENOENT when the kernel lacks the kind.
/// </summary>
/// <param name="LinkIndex">The link.</param>
/// <param name="Parent">A class, <see cref="TrafficHandle.Root"/> or <see cref="TrafficHandle.Ingress"/>.</param>
/// <param name="Handle">Its handle, minor 0, no other's on the link.</param>
/// <param name="Spec">Kind and options.</param>
public sealed record AddQdisc(int LinkIndex, TrafficHandle Parent, TrafficHandle Handle, QdiscSpec Spec) : RouteRequest
{
    /// <summary>True changes the options of the one of this handle and kind, which keeps what it has queued.</summary>
    public bool Replaces { get; init; }

    /// <inheritdoc/>
    public override string Command => Parent == TrafficHandle.Ingress
        ? $"tc qdisc add {Device(LinkIndex)} ingress"
        : $"tc qdisc {(Replaces ? "replace" : "add")} {Device(LinkIndex)} {TrafficWords.Parent(Parent)} handle {Handle} {Spec}";

    internal override ushort MessageType => RouteMessage.RTM_NEWQDISC;

    internal override ushort Flags => (ushort)(Interop.NLM_F_CREATE | (Replaces ? Interop.NLM_F_REPLACE : Interop.NLM_F_EXCL));

    internal override void Write(NetlinkWriter writer)
    {
        writer.Header(new TrafficHeader(LinkIndex, Handle, Parent));
        writer.Text(TrafficAttribute.TCA_KIND, Spec.Kind);
        // A fifo's options are a bare struct tc_fifo_qopt; sfq and ingress are sent without any.
        if (Spec is FifoQdisc fifo)
            writer.Bytes(TrafficAttribute.TCA_OPTIONS, MemoryMarshal.AsBytes<uint>([fifo.LimitBytes]));
        else if (Spec is HtbQdisc or FqCodelQdisc)
        {
            using (writer.Nested(TrafficAttribute.TCA_OPTIONS, flag: false))
                Spec.WriteOptions(writer);
        }
    }
}
