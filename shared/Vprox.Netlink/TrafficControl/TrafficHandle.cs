using System.Globalization;

namespace Vprox.Netlink;

/// <summary>
/// A handle of traffic control (tc(8)): major and minor number of 16 bits each. Qdiscs have minor 0; a class bears its qdisc's major; written in
/// hexadecimal, "56:" and "56:c350".
/// </summary>
public readonly record struct TrafficHandle(uint Value)
{
    /// <summary>Parent of a link's root qdisc (TC_H_ROOT).</summary>
    public static TrafficHandle Root { get; } = new(uint.MaxValue);

    /// <summary>Parent of a link's ingress or clsact qdisc (TC_H_INGRESS); its handle is ffff:.</summary>
    public static TrafficHandle Ingress { get; } = new(0xffff_fff1);

    /// <summary>Handle of every ingress and clsact qdisc.</summary>
    public static TrafficHandle IngressQdisc { get; } = Of(0xffff);

    /// <summary>Parent of the filters on what a link receives, of an ingress qdisc as of a clsact one (TC_H_MIN_INGRESS).</summary>
    public static TrafficHandle IngressFilters { get; } = Of(0xffff, 0xfff2);

    /// <summary>Makes a handle.</summary>
    public static TrafficHandle Of(ushort major, ushort minor = 0) => new(((uint)major << 16) | minor);

    /// <summary>The upper half: the qdisc's number. 0 is what the kernel gives its default qdiscs.</summary>
    public ushort Major => (ushort)(Value >> 16);

    /// <summary>The lower half: the class's number in its qdisc; 0 for the qdisc itself.</summary>
    public ushort Minor => (ushort)Value;

    /// <summary>As tc prints it: "root", "ingress", "56:", "56:c350".</summary>
    public override string ToString() =>
        this == Root ? "root"
        : this == Ingress ? "ingress"
        : string.Create(CultureInfo.InvariantCulture, $"{Major:x}:") + (Minor == 0 ? "" : Minor.ToString("x", CultureInfo.InvariantCulture));
}
