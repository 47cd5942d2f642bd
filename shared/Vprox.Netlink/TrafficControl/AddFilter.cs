namespace Vprox.Netlink;

/// <summary>Adds a filter, or with <see cref="Replaces"/> changes the one of this handle in place. ENOENT when the kernel lacks the kind, EEXIST when the handle is taken.</summary>
/// <param name="Where">Its place and handle.</param>
/// <param name="Spec">What it does.</param>
public sealed record AddFilter(FilterReference Where, FilterSpec Spec) : RouteRequest
{
    /// <summary>True changes the filter that is there.</summary>
    public bool Replaces { get; init; }

    /// <inheritdoc/>
    public override string Command => $"tc filter {(Replaces ? "replace" : "add")} {Where.Words(Spec.Kind)} {Spec}";

    internal override ushort MessageType => RouteMessage.RTM_NEWTFILTER;

    internal override ushort Flags => (ushort)(Interop.NLM_F_CREATE | (Replaces ? 0 : Interop.NLM_F_EXCL));

    internal override void Write(NetlinkWriter writer)
    {
        writer.Header(Where.Header);
        writer.Text(TrafficAttribute.TCA_KIND, Spec.Kind);
        using (writer.Nested(TrafficAttribute.TCA_OPTIONS, flag: false))
        {
            if (Spec is U32Key key)
                key.WriteOptions(writer, Where.Handle);
            else
                Spec.WriteOptions(writer);
        }
    }
}
