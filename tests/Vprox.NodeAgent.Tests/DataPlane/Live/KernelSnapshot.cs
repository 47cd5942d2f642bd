using Vprox.Lab.Namespaces;
using Vprox.Netlink;

namespace Vprox.NodeAgent.Tests.DataPlane.Live;

/// <summary>Everything in a namespace's kernel that a node agent could change, its own and foreign, as lines to compare.</summary>
internal static class KernelSnapshot
{
    public static string Of(NetworkNamespace place)
    {
        using var route = place.Run(RouteNetlink.Open);
        var links = route.Links().ToDictionary(link => link.Index, link => link.Name);
        IEnumerable<string> lines =
        [
            .. route.Links().Select(link => $"link {link.Name} mtu {link.Mtu} up {link.IsUp}").Order(StringComparer.Ordinal),
            .. route.Addresses().Select(address => $"address {address.Address}/{address.PrefixLength} dev {links[address.LinkIndex]}").Order(StringComparer.Ordinal),
            .. route.Routes().Select(item => $"route {item.ToSpec() with { LinkIndex = null }} {(item.LinkIndex is { } index ? links[index] : "")}").Order(StringComparer.Ordinal),
            .. route.Rules().Select(rule => $"rule {rule.ToSpec()}").Order(StringComparer.Ordinal),
            .. place.Execute("sysctl", "-a", "--pattern", "^net.ipv4.(ip_forward|conf.(vp|ens).*rp_filter)").Split('\n'),
            .. route.Qdiscs().Select(qdisc => $"qdisc {qdisc.Handle} dev {links[qdisc.LinkIndex]} parent {qdisc.Parent} {qdisc.Spec}").Order(StringComparer.Ordinal),
            .. links.SelectMany(link => route.Classes(link.Key).Select(item => $"class {item.ClassId} dev {link.Value} parent {item.Parent} leaf {item.Leaf} {item.Spec}")).Order(StringComparer.Ordinal),
            .. route.Qdiscs().Where(qdisc => qdisc.Handle.Major != 0).SelectMany(qdisc => route.Filters(qdisc.LinkIndex, qdisc.Parent == TrafficHandle.Ingress ? TrafficHandle.IngressFilters : qdisc.Handle)
                // A link that was made again has another index.
                .Select(filter => $"filter {filter.Where with { LinkIndex = 0 }} dev {links[filter.Where.LinkIndex]} {(filter.Spec is U32Key { RedirectTo: { } to } key ? $"{key with { RedirectTo = null }} to {links.GetValueOrDefault(to)}" : filter.Spec)}")).Order(StringComparer.Ordinal),
            // Objects that were made again are listed last.
            .. place.Execute("nft", "-s", "list", "ruleset").Split("\n\n").Order(StringComparer.Ordinal),
        ];
        return string.Join('\n', lines);
    }
}
