using Vprox.Netlink;

namespace Vprox.NodeAgent.Core.DataPlane.Shaping;

/// <summary>A qdisc, class or filter of ours.</summary>
public abstract record TrafficObject(string Link)
{
    /// <summary>What the kernel keeps one object for.</summary>
    public abstract TrafficKey Key { get; }
}

/// <summary>Names an object: its link, what it hangs on where that counts, its handle.</summary>
public readonly record struct TrafficKey(string Link, TrafficKind Kind, TrafficHandle Parent, uint Handle);

/// <summary>Kinds of objects, in the order in which they can be made.</summary>
public enum TrafficKind
{
    /// <summary>A queueing discipline.</summary>
    Qdisc,

    /// <summary>An HTB class.</summary>
    Class,

    /// <summary>A filter.</summary>
    Filter,
}

/// <summary>A queueing discipline.</summary>
public sealed record ShapingQdisc(string Link, TrafficHandle Parent, TrafficHandle Handle, QdiscSpec Spec) : TrafficObject(Link)
{
    /// <inheritdoc/>
    public override TrafficKey Key => KeyOf(Link, Handle);

    /// <summary>The key of a qdisc.</summary>
    public static TrafficKey KeyOf(string link, TrafficHandle handle) => new(link, TrafficKind.Qdisc, default, handle.Value);

    /// <inheritdoc/>
    public override string ToString() => $"qdisc {Handle} dev {Link} {(Parent == TrafficHandle.Ingress ? "" : Parent == TrafficHandle.Root ? "root " : $"parent {Parent} ")}{Spec}";
}

/// <summary>A class; the parent of the uppermost is <see cref="TrafficHandle.Root"/>, as the kernel tells it.</summary>
public sealed record ShapingClass(string Link, TrafficHandle Parent, TrafficHandle ClassId, HtbClassSpec Spec) : TrafficObject(Link)
{
    /// <inheritdoc/>
    public override TrafficKey Key => new(Link, TrafficKind.Class, default, ClassId.Value);

    /// <inheritdoc/>
    public override string ToString() => $"class {ClassId} dev {Link} parent {Parent} {Spec}";
}

/// <summary>A filter, of the one preference that is ours.</summary>
/// <param name="Link">Its link.</param>
/// <param name="Parent">The qdisc it is attached to, or the ingress.</param>
/// <param name="Handle">Its handle.</param>
/// <param name="Spec">What it does; of a redirection without the link's index.</param>
/// <param name="RedirectTo">The link that it redirects to; null when it does not.</param>
public sealed record ShapingFilter(string Link, TrafficHandle Parent, uint Handle, FilterSpec Spec, string? RedirectTo = null) : TrafficObject(Link)
{
    /// <summary>Late, so that the filters of others come first: 0x56 for V in its upper octet.</summary>
    public const ushort Preference = 0x5600;

    /// <inheritdoc/>
    public override TrafficKey Key => new(Link, TrafficKind.Filter, Parent, Handle);

    /// <summary>Programs see every packet of their queue; u32 looks into IPv4 only.</summary>
    public ushort Protocol => Spec is BpfFilter ? FilterReference.AnyProtocol : FilterReference.Ipv4;

    /// <inheritdoc/>
    public override string ToString() => Spec is BpfFilter program
        ? $"filter dev {Link} parent {Parent} bpf of {program.Program.Count} instructions"
        : $"filter {Handle:x} dev {Link} parent {Parent} {Spec}" + (RedirectTo is null ? "" : $" redirect dev {RedirectTo}");
}
