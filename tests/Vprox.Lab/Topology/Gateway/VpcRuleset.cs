using System.Text;

namespace Vprox.Lab.Topology.Gateway;

/// <summary>
/// The gateway's nftables: what EC2 does between an ENI and the internet. Pure text.
/// <para>
/// An internet gateway translates without state. nftables can rewrite addresses without state too, but not the packet quoted inside an ICMP
/// error, whose checksums it does not mend; and this is where path MTU discovery comes from. So translation is conntrack's here, with two
/// measures that make it behave as if it had no state. Both directions have a rule, so either may be seen first, also mid-stream. And each
/// association has a conntrack zone of its own, so that nothing remembered from one association ever matches under the next.
/// </para>
/// </summary>
public static class VpcRuleset
{
    private const string Internet = GatewayLink.Internet;
    private const string AnyEni = GatewayLink.NetworkInterfacePrefix + "*";

    /// <summary>Replaces the whole table in one transaction.</summary>
    public static string Text(VpcPath path)
    {
        var text = new StringBuilder();
        text.AppendLine("table ip vpc { }").AppendLine("delete table ip vpc").AppendLine("table ip vpc {");
        // An ENI sends from its own addresses only (source/destination check): this is what fences a node that lost an address.
        var senders = path.Addresses.Select(address => $"\"{address.Link}\" . {address.Private}");
        Chain(text, "senders", "type filter hook prerouting priority raw - 10",
            path.Addresses.Count == 0
                ? $"iifname \"{AnyEni}\" drop"
                : $"iifname \"{AnyEni}\" iifname . ip saddr != {{ {string.Join(", ", senders)} }} drop");
        Chain(text, "zones", "type filter hook prerouting priority raw",
            Map($"iifname \"{Internet}\" ct zone set ip daddr map", path.ElasticIps.Select(ip => $"{ip.Public} : {ip.Zone}")),
            Map($"iifname \"{AnyEni}\" ct zone set ip saddr map", path.ElasticIps.Select(ip => $"{ip.Private} : {ip.Zone}")));
        Chain(text, "inbound", "type nat hook prerouting priority dstnat",
            Map($"iifname \"{Internet}\" dnat to ip daddr map", path.ElasticIps.Select(ip => $"{ip.Public} : {ip.Private}")));
        Chain(text, "outbound", "type nat hook postrouting priority srcnat",
            Map($"oifname \"{Internet}\" snat to ip saddr map", path.ElasticIps.Select(ip => $"{ip.Private} : {ip.Public}")));
        // What has no Elastic IP has no way to the internet, and the internet has none to private addresses.
        Chain(text, "untranslated", "type filter hook postrouting priority srcnat + 10",
            $"oifname \"{Internet}\" ip saddr {LabPlan.Vpc} drop");
        Chain(text, "uninvited", "type filter hook prerouting priority raw - 10",
            $"iifname \"{Internet}\" ip daddr {LabPlan.Vpc} drop");
        // The answer's hop limit is 1: whoever forwards for others cannot fetch metadata for them.
        Chain(text, "metadata", "type filter hook output priority filter",
            $"ip saddr {LabPlan.Metadata} ip ttl set 1");
        return text.AppendLine("}").ToString();
    }

    private static void Chain(StringBuilder text, string name, string hook, params IEnumerable<string?> rules)
    {
        text.AppendLine($"  chain {name} {{").AppendLine($"    {hook}; policy accept;");
        foreach (var rule in rules.OfType<string>())
            text.AppendLine($"    {rule}");
        text.AppendLine("  }");
    }

    // nft takes no empty map.
    private static string? Map(string statement, IEnumerable<string> elements) =>
        string.Join(", ", elements) is { Length: > 0 } text ? $"{statement} {{ {text} }}" : null;
}
