using System.Globalization;
using System.Text.Json.Nodes;
using Vprox.Addressing;
using Vprox.Lab.Topology;

namespace Vprox.Lab.Probes;

/// <summary>
/// Counts what leaves a worker by its uplink outside a tunnel, in nftables tables of its own. Meant for a time in which no container without
/// a proxy sends: then whatever is neither WireGuard nor HTTPS to a static address is a leak, whoever sent it and in whose name.
/// </summary>
public sealed class UplinkWatch : IDisposable
{
    private const string Table = "uplink_watch";
    private const string Leaks = "leaks";
    private const string Tunnelled = "tunnelled";

    private static readonly string[] Sets = ["leaked", "leaked_tcp", "leaked6"];

    private readonly LabWorker _worker;

    private UplinkWatch(LabWorker worker)
    {
        _worker = worker;
        // Forwarded packets still say where they came from; egress is the last hook before the wire and sees also what the host itself sends.
        // ARP and neighbour discovery are the link's own and cannot be forwarded (RFC 4861 section 7.1: hop limit 255). A reset that was not forwarded is
        // the host's: what a container began before it was held, a server may answer when conntrack has forgotten it.
        worker.Nft.Run($$"""
            table inet {{Table}} {
              counter {{Leaks}} { }
              chain forwarded {
                type filter hook postrouting priority srcnat - 50; policy accept;
                iifname "{{LabWorker.Bridge}}" oifname "{{LabWorker.Uplink}}" counter name "{{Leaks}}"
              }
            }
            table netdev {{Table}} {
              counter {{Leaks}} { }
              counter {{Tunnelled}} { }
              set leaked { type ipv4_addr . ipv4_addr . inet_proto . inet_service; flags dynamic; size 64; }
              set leaked_tcp { type ipv4_addr . ipv4_addr . inet_service . inet_service . tcp_flag; flags dynamic; size 64; }
              set leaked6 { type ipv6_addr . ipv6_addr . inet_proto . inet_service; flags dynamic; size 64; }
              chain egress {
                type filter hook egress device "{{LabWorker.Uplink}}" priority 100; policy accept;
                ip daddr {{LabPlan.ElasticRange}} udp dport {{AddressLayout.ListenPorts}} counter name "{{Tunnelled}}" accept
                ip daddr {{LabPlan.ElasticRange}} tcp dport 443 accept
                ip6 saddr { ::, fe80::/10 } accept
                icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept
                tcp flags & rst == rst accept
                meta protocol { ip, ip6 } counter name "{{Leaks}}"
                add @leaked { ip saddr . ip daddr . ip protocol . th dport }
                add @leaked_tcp { ip saddr . ip daddr . tcp sport . tcp dport . tcp flags }
                add @leaked6 { ip6 saddr . ip6 daddr . meta l4proto . th dport }
              }
            }
            """);
    }

    /// <summary>Begins to count, at zero.</summary>
    public static UplinkWatch Start(LabWorker worker) => new(worker);

    /// <summary>Packets that leaked.</summary>
    public long LeakedPackets => Count("inet", Leaks) + Count("netdev", Leaks);

    /// <summary>Packets that left inside WireGuard.</summary>
    public long TunnelledPackets => Count("netdev", Tunnelled);

    /// <summary>Source, destination, protocol and port of what leaked, some of it, and whether it was forwarded or the host's own.</summary>
    public string Leaked => $"{Count("inet", Leaks)} forwarded, {Count("netdev", Leaks)} on the wire; "
        + string.Concat(Sets.Select(set => _worker.Nft.Text($"list set netdev {Table} {set}")));

    /// <summary>Begins again at zero.</summary>
    public void Reset()
    {
        foreach (var family in (string[])["inet", "netdev"])
            _worker.Nft.Json($"reset counters table {family} {Table}");
        _worker.Nft.Run(string.Join('\n', Sets.Select(set => $"flush set netdev {Table} {set}")));
    }

    public void Dispose() => _worker.Nft.Run($"delete table inet {Table}\ndelete table netdev {Table}");

    private long Count(string family, string counter) => _worker.Nft.Json($"list counter {family} {Table} {counter}")
        .Select(element => element["counter"]?["packets"]).OfType<JsonNode>().Sum(packets => long.Parse(packets.ToString(), CultureInfo.InvariantCulture));
}
