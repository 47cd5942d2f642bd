using System.Net;
using Vprox.Addressing;
using Vprox.Netlink;

namespace Vprox.NodeAgent.Core.DataPlane;

/// <summary>A route of ours.</summary>
public sealed record KernelRoute(uint Table, Ipv4Prefix Destination, RouteType Type, uint Metric, string? Link, IPAddress? Gateway, IPAddress? Source)
{
    /// <summary>What the kernel keeps one route for.</summary>
    public (uint Table, Ipv4Prefix Destination, uint Metric) Key => (Table, Destination, Metric);

    /// <summary>As ip prints it.</summary>
    public override string ToString() =>
        (Type == RouteType.Unicast ? "" : $"{Type.ToString().ToLowerInvariant()} ")
        + (Destination.Length == 0 ? "default" : Destination.ToString())
        + (Gateway is null ? "" : $" via {Gateway} onlink")
        + (Link is null ? "" : $" dev {Link}")
        + $" table {Table}"
        + (Metric == 0 ? "" : $" metric {Metric}")
        + (Source is null ? "" : $" src {Source}");
}
