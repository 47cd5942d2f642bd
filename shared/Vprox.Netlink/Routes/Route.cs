using System.Net;
using Vprox.Addressing;

namespace Vprox.Netlink;

/// <summary>An IPv4 route as it was observed.</summary>
public sealed record Route
{
    /// <summary>Where packets go to; 0.0.0.0/0 is the default route.</summary>
    public required Ipv4Prefix Destination { get; init; }

    /// <summary>What is done with them.</summary>
    public required RouteType Type { get; init; }

    /// <summary>Its table.</summary>
    public required uint Table { get; init; }

    /// <summary>Who made it (<see cref="RouteProtocol"/>).</summary>
    public required byte Protocol { get; init; }

    /// <summary>Next hop; null for hosts on the link, and for routes with several next hops.</summary>
    public IPAddress? Gateway { get; init; }

    /// <summary>Index of the link to send by; null for types without one, and for routes with several next hops.</summary>
    public int? LinkIndex { get; init; }

    /// <summary>Of routes to one destination the lowest wins; 0 when none was said.</summary>
    public uint Metric { get; init; }

    /// <summary>Source address that local senders get; null when none was said.</summary>
    public IPAddress? Source { get; init; }

    /// <summary>True when the gateway is taken to be on the link.</summary>
    public bool OnLink { get; init; }

    /// <summary>The same as a request, for deleting it or comparing it with what is wanted.</summary>
    public RouteSpec ToSpec() => new()
    {
        Destination = Destination,
        Type = Type,
        Table = Table,
        Protocol = Protocol,
        Gateway = Gateway,
        LinkIndex = LinkIndex,
        Metric = Metric,
        Source = Source,
        OnLink = OnLink,
    };
}
