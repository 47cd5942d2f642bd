using System.Buffers.Binary;

namespace Vprox.Netlink;

public sealed partial class RouteNetlink
{
    /// <summary>The queueing disciplines of all links, with their counters.</summary>
    /// <exception cref="NetlinkException">The kernel refused.</exception>
    public IReadOnlyList<Qdisc> Qdiscs() =>
        [.. Dump("tc qdisc show", RouteMessage.RTM_GETQDISC, RouteMessage.RTM_NEWQDISC, writer => writer.Header(default(TrafficHeader))).Select(ReadQdisc)];

    /// <summary>The classes of a link, with their counters; empty when its qdisc has none.</summary>
    /// <exception cref="NetlinkException">The kernel refused: ENODEV when there is no such link.</exception>
    public IReadOnlyList<TrafficClass> Classes(int linkIndex) =>
        [.. Dump($"tc class show {RouteRequest.Device(linkIndex)}", RouteMessage.RTM_GETTCLASS, RouteMessage.RTM_NEWTCLASS,
            writer => writer.Header(new TrafficHeader(linkIndex, default, default))).Select(ReadClass)];

    /// <summary>The filters attached to a qdisc of a link.</summary>
    /// <exception cref="NetlinkException">The kernel refused: EINVAL when there is no such qdisc.</exception>
    public IReadOnlyList<Filter> Filters(int linkIndex, TrafficHandle parent) =>
        [.. Dump($"tc filter show {RouteRequest.Device(linkIndex)} parent {parent}", RouteMessage.RTM_GETTFILTER, RouteMessage.RTM_NEWTFILTER,
            writer => writer.Header(new TrafficHeader(linkIndex, default, parent))).Select(message => ReadFilter(message, parent))];

    internal static Qdisc ReadQdisc(NetlinkMessage message)
    {
        var header = NetlinkReader.Header<TrafficHeader>(message.Payload, out var attributes);
        var (kind, options, statistics) = ReadParts(attributes);
        return new Qdisc
        {
            LinkIndex = header.LinkIndex,
            Handle = new TrafficHandle(header.Handle),
            Parent = new TrafficHandle(header.Parent),
            Kind = kind,
            Spec = QdiscSpec.Read(kind, options),
            Statistics = statistics,
        };
    }

    internal static TrafficClass ReadClass(NetlinkMessage message)
    {
        var header = NetlinkReader.Header<TrafficHeader>(message.Payload, out var attributes);
        var (kind, options, statistics) = ReadParts(attributes);
        return new TrafficClass
        {
            LinkIndex = header.LinkIndex,
            ClassId = new TrafficHandle(header.Handle),
            Parent = new TrafficHandle(header.Parent),
            Leaf = new TrafficHandle(header.Info),
            Spec = kind == HtbQdisc.KindName ? HtbClassSpec.Read(options) : null,
            Statistics = statistics,
        };
    }

    // The parent is the one that was asked for: of a clsact qdisc's filters the kernel names another.
    internal static Filter ReadFilter(NetlinkMessage message, TrafficHandle parent)
    {
        var header = NetlinkReader.Header<TrafficHeader>(message.Payload, out var attributes);
        var (kind, options, _) = ReadParts(attributes);
        var where = new FilterReference(
            header.LinkIndex, parent, (ushort)(header.Info >> 16), BinaryPrimitives.ReverseEndianness((ushort)header.Info), header.Handle);
        FilterSpec? spec = kind switch
        {
            U32Key.KindName => U32Key.Read(options),
            BpfFilter.KindName => BpfFilter.Read(options),
            _ => null,
        };
        return new Filter(where, kind, spec);
    }

    private static (string Kind, byte[] Options, TrafficStatistics Statistics) ReadParts(NetlinkReader attributes)
    {
        var (kind, options, statistics) = ("", Array.Empty<byte>(), default(TrafficStatistics));
        foreach (var attribute in attributes)
        {
            if (attribute.Type == TrafficAttribute.TCA_KIND)
                kind = attribute.Text();
            else if (attribute.Type == TrafficAttribute.TCA_OPTIONS)
                options = attribute.Payload.ToArray();
            else if (attribute.Type == TrafficAttribute.TCA_STATS2)
                statistics = TrafficStatistics.Read(attribute.Nested());
        }
        return (kind, options, statistics);
    }
}
