using System.Net;
using Vprox.Addressing;

namespace Vprox.Netlink;

public sealed partial class RouteNetlink
{
    /// <summary>IPv4 routes, of all tables (local's too) or of one; of everybody or of one protocol. The kernel filters. A table that does not exist has none.</summary>
    /// <exception cref="NetlinkException">The kernel refused.</exception>
    public IReadOnlyList<Route> Routes(uint? table = null, byte? protocol = null)
    {
        var operation = RouteRequest.Words(
            "ip -4 route show table", table is { } number ? $"{number}" : "all", RouteRequest.Word("proto", protocol));
        try
        {
            return [.. Dump(operation, RouteMessage.RTM_GETROUTE, RouteMessage.RTM_NEWROUTE, writer =>
            {
                writer.Header(new RouteHeader(RouteMessage.AF_INET, 0, 0, 0, RouteHeader.ShortTable(table ?? 0), protocol ?? 0, 0, 0, 0));
                if (table is { } wanted)
                    writer.U32(RouteAttribute.RTA_TABLE, wanted);
            }).Select(ReadRoute)];
        }
        catch (NetlinkException missing) when (missing.Errno == Errno.ENOENT && table is not null)
        {
            return [];
        }
    }

    /// <summary>The route that a packet would take, as `ip route get` tells it; null when there is none or it says unreachable.</summary>
    /// <param name="destination">IPv4 destination.</param>
    /// <param name="source">Its source; null for a packet that has none yet. One that is not this host's needs an input link.</param>
    /// <param name="inputLinkIndex">The link it came in by; null for this host's own.</param>
    /// <param name="mark">Its firewall mark.</param>
    /// <exception cref="NetlinkException">The kernel refused otherwise.</exception>
    public Route? RouteTo(IPAddress destination, IPAddress? source = null, int? inputLinkIndex = null, uint mark = 0)
    {
        var operation = RouteRequest.Words(
            "ip route get", destination.ToString(), RouteRequest.Word("from", source),
            inputLinkIndex is { } input ? $"iif if{input}" : null, mark == 0 ? null : RouteRequest.Word("mark", (uint?)mark));
        var reply = _connection.Execute(new NetlinkRequest(operation, RouteMessage.RTM_GETROUTE, 0, writer =>
        {
            var sourceLength = (byte)(source is null ? 0 : 32);
            writer.Header(new RouteHeader(RouteMessage.AF_INET, 32, sourceLength, 0, 0, 0, 0, 0, RouteAttribute.RTM_F_LOOKUP_TABLE));
            writer.Address(RouteAttribute.RTA_DST, destination);
            if (source is not null)
                writer.Address(RouteAttribute.RTA_SRC, source);
            if (inputLinkIndex is { } index)
                writer.S32(RouteAttribute.RTA_IIF, index);
            if (mark != 0)
                writer.U32(RouteAttribute.RTA_MARK, mark);
        }));
        return reply.Error switch
        {
            null => ReadRoute(Answer(reply, operation, RouteMessage.RTM_NEWROUTE)),
            { Errno: Errno.ENETUNREACH or Errno.EHOSTUNREACH } => null,
            var error => throw new NetlinkException(error),
        };
    }

    internal static Route ReadRoute(NetlinkMessage message)
    {
        var header = NetlinkReader.Header<RouteHeader>(message.Payload, out var attributes);
        if (header.DestinationLength > 32)
            throw new NetlinkException($"ip -4 route show: the kernel listed a prefix length of {header.DestinationLength}");
        var route = new Route
        {
            Destination = Ipv4Prefix.Containing(IPAddress.Any, header.DestinationLength),
            Type = (RouteType)header.Type,
            Table = header.Table,
            Protocol = header.Protocol,
            OnLink = (header.Flags & RouteAttribute.RTNH_F_ONLINK) != 0,
        };
        foreach (var attribute in attributes)
        {
            route = attribute.Type switch
            {
                RouteAttribute.RTA_DST => route with { Destination = Ipv4Prefix.Containing(attribute.Ipv4(), header.DestinationLength) },
                RouteAttribute.RTA_GATEWAY => route with { Gateway = attribute.Ipv4() },
                RouteAttribute.RTA_OIF => route with { LinkIndex = attribute.S32() },
                RouteAttribute.RTA_PRIORITY => route with { Metric = attribute.U32() },
                RouteAttribute.RTA_PREFSRC => route with { Source = attribute.Ipv4() },
                RouteAttribute.RTA_TABLE => route with { Table = attribute.U32() },
                _ => route,
            };
        }
        return route;
    }
}
