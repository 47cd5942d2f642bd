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

    private readonly LabWorker _worker;

    private UplinkWatch(LabWorker worker)
    {
        _worker = worker;
        // Forwarded packets still say where they came from; egress is the last hook before the wire and sees also what the host itself sends.
        // Neighbour discovery and ARP are the link's own.
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
              chain egress {
                type filter hook egress device "{{LabWorker.Uplink}}" priority 100; policy accept;
                ip daddr {{LabPlan.ElasticRange}} udp dport {{AddressLayout.ListenPorts}} counter name "{{Tunnelled}}" accept
                ip daddr {{LabPlan.ElasticRange}} tcp dport 443 accept
                ip6 saddr { ::, fe80::/10 } accept
                meta protocol { ip, ip6 } counter name "{{Leaks}}"
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

    /// <summary>Begins again at zero.</summary>
    public void Reset()
    {
        foreach (var family in (string[])["inet", "netdev"])
            _worker.Nft.Json($"reset counters table {family} {Table}");
    }

    public void Dispose() => _worker.Nft.Run($"delete table inet {Table}\ndelete table netdev {Table}");

    private long Count(string family, string counter) => _worker.Nft.Json($"list counter {family} {Table} {counter}")
        .Select(element => element["counter"]?["packets"]).OfType<JsonNode>().Sum(packets => long.Parse(packets.ToString(), CultureInfo.InvariantCulture));
}
