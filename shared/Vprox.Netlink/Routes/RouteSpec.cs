using System.Globalization;
using System.Net;
using Vprox.Addressing;

namespace Vprox.Netlink;

/// <summary>An IPv4 route as requested, for <see cref="AddRoute"/>, <see cref="ReplaceRoute"/> and <see cref="DeleteRoute"/>. Two are equal when all is.</summary>
public sealed record RouteSpec
{
    /// <summary>Where packets go to; left out, it is the default route.</summary>
    public Ipv4Prefix Destination { get; init; }

    /// <summary>What is done with them.</summary>
    public RouteType Type { get; init; } = RouteType.Unicast;

    /// <summary>The table.</summary>
    public uint Table { get; init; } = RouteTable.Main;

    /// <summary>Who makes it.</summary>
    public byte Protocol { get; init; } = RouteProtocol.Vprox;

    /// <summary>Next hop; null for hosts on the link.</summary>
    public IPAddress? Gateway { get; init; }

    /// <summary>Index of the link to send by; null lets the kernel find it by the gateway.</summary>
    public int? LinkIndex { get; init; }

    /// <summary>Of routes to one destination the lowest metric wins; 0 is the kernel's default.</summary>
    public uint Metric { get; init; }

    /// <summary>Source address that local senders get; null lets the kernel choose.</summary>
    public IPAddress? Source { get; init; }

    /// <summary>True takes the gateway to be on the link though no route says so.</summary>
    public bool OnLink { get; init; }

    /// <summary>The route as ip writes it after add or delete.</summary>
    public override string ToString() => RouteRequest.Words(
        Type == RouteType.Unicast ? null : Type.ToString().ToLowerInvariant(),
        Destination == default ? "default" : Destination.ToString(),
        RouteRequest.Word("via", Gateway),
        LinkIndex is { } index ? RouteRequest.Device(index) : null,
        string.Create(CultureInfo.InvariantCulture, $"table {Table} proto {Protocol}"),
        Metric == 0 ? null : RouteRequest.Word("metric", (uint?)Metric),
        RouteRequest.Word("src", Source),
        OnLink ? "onlink" : null);

    internal void Write(NetlinkWriter writer, byte scope)
    {
        writer.Header(new RouteHeader(
            RouteMessage.AF_INET, Destination.Length, 0, 0, RouteHeader.ShortTable(Table), Protocol, scope, (byte)Type,
            OnLink ? RouteAttribute.RTNH_F_ONLINK : 0));
        if (Destination.Length > 0)
            writer.Address(RouteAttribute.RTA_DST, Destination.Network);
        if (Gateway is not null)
            writer.Address(RouteAttribute.RTA_GATEWAY, Gateway);
        if (Table > byte.MaxValue)
            writer.U32(RouteAttribute.RTA_TABLE, Table);
        if (Metric != 0)
            writer.U32(RouteAttribute.RTA_PRIORITY, Metric);
        if (Source is not null)
            writer.Address(RouteAttribute.RTA_PREFSRC, Source);
        if (LinkIndex is { } index)
            writer.S32(RouteAttribute.RTA_OIF, index);
    }

    // As iproute2 chooses it: hosts on the link have link scope, own addresses host scope, the rest is universe.
    internal byte Scope => Type switch
    {
        RouteType.Local => RouteAttribute.RT_SCOPE_HOST,
        RouteType.Broadcast or RouteType.Multicast or RouteType.Anycast => RouteAttribute.RT_SCOPE_LINK,
        RouteType.Unicast when Gateway is null => RouteAttribute.RT_SCOPE_LINK,
        _ => RouteAttribute.RT_SCOPE_UNIVERSE,
    };
}
