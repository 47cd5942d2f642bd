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
/// <para>The rules never change; a move changes elements of sets and maps, which takes the kernel a millisecond however many there are.</para>
/// </summary>
public static class VpcRuleset
{
    /// <summary>The table.</summary>
    public const string Table = "vpc";

    /// <summary>The set that counts packets an ENI sent from an address it does not have, by link and source.</summary>
    public const string WrongSources = "wrong_sources";

    private const string Internet = GatewayLink.Internet;
    private const string AnyEni = GatewayLink.NetworkInterfacePrefix + "*";

    /// <summary>The whole table, without addresses yet: no ENI may send anything.</summary>
    public static string Rules { get; } = $$"""
        table ip {{Table}} { }
        delete table ip {{Table}}
        table ip {{Table}} {
          set senders { type ifname . ipv4_addr; }
          set {{WrongSources}} { type ifname . ipv4_addr; flags dynamic; size 4096; }
          map zones { typeof ip daddr : ct zone; }
          map privates { type ipv4_addr : ipv4_addr; }
          map publics { type ipv4_addr : ipv4_addr; }
          # An ENI sends from its own addresses only (source/destination check): this is what fences a node that lost an address.
          chain senders {
            type filter hook prerouting priority raw - 10; policy accept;
            iifname "{{AnyEni}}" iifname . ip saddr != @senders update @{{WrongSources}} { iifname . ip saddr counter } drop
          }
          chain zones {
            type filter hook prerouting priority raw; policy accept;
            iifname "{{Internet}}" ct zone set ip daddr map @zones
            iifname "{{AnyEni}}" ct zone set ip saddr map @zones
          }
          chain inbound {
            type nat hook prerouting priority dstnat; policy accept;
            iifname "{{Internet}}" dnat to ip daddr map @privates
          }
          chain outbound {
            type nat hook postrouting priority srcnat; policy accept;
            oifname "{{Internet}}" snat to ip saddr map @publics
          }
          # What has no Elastic IP has no way to the internet, and the internet has none to private addresses.
          chain untranslated {
            type filter hook postrouting priority srcnat + 10; policy accept;
            oifname "{{Internet}}" ip saddr {{LabPlan.Vpc}} drop
          }
          chain uninvited {
            type filter hook prerouting priority raw - 10; policy accept;
            iifname "{{Internet}}" ip daddr {{LabPlan.Vpc}} drop
          }
          # The answer's hop limit is 1: whoever forwards for others cannot fetch metadata for them.
          chain metadata {
            type filter hook output priority filter; policy accept;
            ip saddr {{LabPlan.Metadata}} ip ttl set 1
          }
        }

        """;

    /// <summary>What leads from one path to the next, in one transaction; empty when nothing does.</summary>
    public static string Changes(VpcPath before, VpcPath after)
    {
        var text = new StringBuilder();
        foreach (var (verb, from, to) in (ReadOnlySpan<(string, VpcPath, VpcPath)>)[("delete", after, before), ("add", before, after)])
        {
            Elements(text, verb, "senders", Senders(to).Except(Senders(from)));
            Elements(text, verb, "zones", Zones(to).Except(Zones(from)));
            Elements(text, verb, "privates", Privates(to).Except(Privates(from)));
            Elements(text, verb, "publics", Publics(to).Except(Publics(from)));
        }
        return text.ToString();
    }

    private static IEnumerable<string> Senders(VpcPath path) => path.Addresses.Select(address => $"\"{address.Link}\" . {address.Private}");

    private static IEnumerable<string> Zones(VpcPath path) =>
        path.ElasticIps.SelectMany(ip => (string[])[$"{ip.Public} : {ip.Zone}", $"{ip.Private} : {ip.Zone}"]);

    private static IEnumerable<string> Privates(VpcPath path) => path.ElasticIps.Select(ip => $"{ip.Public} : {ip.Private}");

    private static IEnumerable<string> Publics(VpcPath path) => path.ElasticIps.Select(ip => $"{ip.Private} : {ip.Public}");

    private static void Elements(StringBuilder text, string verb, string set, IEnumerable<string> elements)
    {
        // nft takes no empty list.
        if (string.Join(", ", elements) is { Length: > 0 } list)
            text.AppendLine($"{verb} element ip {Table} {set} {{ {list} }}");
    }
}
