using System.Globalization;
using System.Net;
using System.Text;
using Vprox.Nftables;

namespace Vprox.WorkerAgent.Core;

/// <summary>
/// The table <c>inet vprox_worker</c> as text for nft. A drop is final whatever other tables say, an accept is not: the host's own
/// rules still apply to what we let pass (nft(8), "accept"). The chains are declared and flushed, never deleted, so that there is no
/// moment in which a packet finds them empty; counters live on.
/// </summary>
public static class WorkerRuleset
{
    /// <summary>The table's name.</summary>
    public const string Table = "vprox_worker";

    /// <summary>The counter of packets that would have left outside a tunnel.</summary>
    public const string LeakCounter = "dropped_leaks";

    private static readonly string[] Maps = ["zones", "translations"];
    private static readonly string[] Sets = ["containers", "paths", "container_links", "local_paths", "closed_links", "closed_subnets"];

    private const string Tunnels = "\"vw*\"";

    /// <summary>The counter of a tunnel's new connections. One of a slot that is free again stays until the table goes: the slot's next tunnel counts on.</summary>
    public static string OpenedCounter(int slot) => string.Create(CultureInfo.InvariantCulture, $"opened_{TunnelNames.Interface(slot)}");

    /// <summary>The whole table.</summary>
    /// <param name="desired">What shall be.</param>
    /// <param name="stillHeld">Addresses that stay closed although their container is no longer desired, because their rule is still there.</param>
    public static Ruleset Render(DesiredWorker desired, IReadOnlyCollection<IPAddress> stillHeld) => new(
        $"inet {Table}", Head(desired.Guard), [.. desired.Tunnels.OrderBy(tunnel => tunnel.Slot).Select(Chain)], Elements(desired, stillHeld), Tail(desired.Guard));

    private static string Head(Guard guard)
    {
        var text = new StringBuilder();
        Declare(text, guard);
        text.Append(CultureInfo.InvariantCulture, $"flush table inet {Table}\n");
        foreach (var map in Maps)
            text.Append(CultureInfo.InvariantCulture, $"flush map inet {Table} {map}\n");
        foreach (var set in Sets)
            text.Append(CultureInfo.InvariantCulture, $"flush set inet {Table} {set}\n");
        return text.ToString();
    }

    private static RulesetChain Chain(DesiredTunnel tunnel)
    {
        var counter = tunnel.Blocks.Count > 0 ? OpenedCounter(tunnel.Slot) : null;
        return new(ChainOf(tunnel.Slot), counter, Translation(tunnel, counter));
    }

    private static string ChainOf(int slot) => $"translate_{TunnelNames.Interface(slot)}";

    // What comes and goes with containers and tunnels.
    private static IReadOnlyList<RulesetElements> Elements(DesiredWorker desired, IReadOnlyCollection<IPAddress> stillHeld)
    {
        var guard = desired.Guard;
        var links = desired.Containers.Select(container => container.Link).OfType<string>().Concat(guard.Interfaces).Concat(guard.SubnetLinks)
            .Distinct().Order(StringComparer.Ordinal).Select(NftName.Interface).ToList();
        var routed = desired.Containers.Where(container => container.Tunnel is not null).OrderBy(container => Addressing.Ipv4.ToUInt32(container.Ip)).ToList();
        var zones = desired.Tunnels.ToDictionary(tunnel => tunnel.Slot, tunnel => ConntrackZone.Of(tunnel.InnerAddresses[0]));
        return
        [
            new("containers", [.. desired.Containers.Select(container => container.Ip).Concat(stillHeld).Distinct()
                .OrderBy(Addressing.Ipv4.ToUInt32).Select(ip => ip.ToString())]),
            new("paths", [.. routed.Select(container => $"{container.Ip} . \"{TunnelNames.Interface(container.Tunnel!.Value)}\"")]),
            new("zones", [.. routed.Where(container => zones.ContainsKey(container.Tunnel!.Value))
                .Select(container => string.Create(CultureInfo.InvariantCulture, $"{container.Ip} : {zones[container.Tunnel!.Value]}"))]),
            new("container_links", links),
            new("local_paths", [.. links.Select(link => $"{link} . {link}")]),
            new("translations", [.. desired.Tunnels.Select(tunnel => tunnel.Slot).Order().Select(slot => $"\"{TunnelNames.Interface(slot)}\" : jump {ChainOf(slot)}")]),
        ];
    }

    private static string Tail(Guard guard)
    {
        var text = new StringBuilder();
        Add(text, "closed_links", guard.Interfaces.Distinct().Order(StringComparer.Ordinal).Select(NftName.Interface));
        Add(text, "closed_subnets", guard.Subnets.Distinct().Order().Select(subnet => subnet.ToString()));
        text.Append(CultureInfo.InvariantCulture, $"table inet {Table} {{\n").Append(Zones);
        if (!guard.AllowHostDns)
            text.Append(HostDns);
        return text.Append(Forward(guard)).Append(Host).Append("}\n").ToString();
    }

    private static void Declare(StringBuilder text, Guard guard)
    {
        text.Append(CultureInfo.InvariantCulture, $$"""
            table inet {{Table}} {
              counter {{LeakCounter}} { }
              counter dropped_ipv6 { }
              counter dropped_host_dns { }
              counter dropped_strangers { }
              counter dropped_unasked { }
              set containers { type ipv4_addr; }
              set paths { type ipv4_addr . ifname; }
              map zones { typeof ip saddr : ct zone; }
              map translations { type ifname : verdict; }
              set container_links { type ifname; }
              set local_paths { type ifname . ifname; }
              set closed_links { type ifname; }
              set closed_subnets { type ipv4_addr; flags interval; auto-merge; }
              chain raw_prerouting { type filter hook prerouting priority raw; policy accept; }
              chain prerouting { type filter hook prerouting priority mangle - 10; policy accept; }
              chain input { type filter hook input priority filter - 10; policy accept; }
              chain forward { type filter hook forward priority filter - 10; policy accept; }
              chain output { type filter hook output priority filter - 10; policy accept; }
              chain postrouting { type nat hook postrouting priority srcnat - 1; policy accept; }
            }

            """);
        // conntrack keeps a port for 120 s after the close; a block of 256 ports would be empty at two connections a second to one destination. A SYN
        // without an answer keeps its port as long: what a container tried while its tunnel was lost would leave it none when it is back.
        if (guard.ShortTimeWait)
        {
            text.Append(CultureInfo.InvariantCulture, $$"""
                table inet {{Table}} {
                  ct timeout short_waits {
                    protocol tcp;
                    l3proto ip;
                    policy = { syn_sent : 10, time_wait : 10, close : 5 };
                  }
                }

                """);
        }
    }

    private static void Add(StringBuilder text, string set, IEnumerable<string> elements)
    {
        var list = string.Join(", ", elements);
        if (list.Length > 0)
            text.Append(CultureInfo.InvariantCulture, $"add element inet {Table} {set} {{ {list} }}\n");
    }

    // What conntrack remembers of a container is of no use to the next one at its address: with the inner address of another tunnel its packets would
    // be dropped at the node, for as long as a port to the same server is used again. Answers are found in the zone of all, where ports are given out.
    private const string Zones = """
          chain raw_prerouting {
            ct original zone set ip saddr map @zones
          }

        """;

    // Asked before the host translates the destination: whatever resolver runs here would ask the world from the worker's own address.
    private const string HostDns = """
          chain prerouting {
            ip saddr @containers meta l4proto { tcp, udp } th dport 53 fib daddr type local counter name "dropped_host_dns" drop
          }
          chain input {
            ip saddr @containers meta l4proto { tcp, udp } th dport 53 counter name "dropped_host_dns" drop
            ip saddr @closed_subnets meta l4proto { tcp, udp } th dport 53 counter name "dropped_host_dns" drop
            iifname @closed_links meta l4proto { tcp, udp } th dport 53 counter name "dropped_host_dns" drop
            meta nfproto ipv6 iifname @container_links meta l4proto { tcp, udp } th dport 53 counter name "dropped_host_dns" drop
          }

        """;

    // Traffic between containers of one bridge passes here when br_netfilter is loaded; it does not leave and is not ours to judge.
    private static string Forward(Guard guard) => $$"""
          chain forward {
            oifname {{Tunnels}} tcp flags syn / syn,rst tcp option maxseg size set rt mtu
            iifname {{Tunnels}} tcp flags syn / syn,rst tcp option maxseg size set 1380

        """ + (guard.ShortTimeWait ? $"    oifname {Tunnels} meta l4proto tcp ct timeout set \"short_waits\"\n" : "") + $$"""
            iifname . oifname @local_paths accept
            ip saddr . oifname @paths accept
            oifname {{Tunnels}} counter name "dropped_strangers" drop
            iifname {{Tunnels}} ip daddr @containers ct state established,related accept
            iifname {{Tunnels}} counter name "dropped_unasked" drop
            ip saddr @containers counter name "{{LeakCounter}}" drop
            ip saddr @closed_subnets counter name "{{LeakCounter}}" drop
            meta nfproto ipv6 iifname @container_links counter name "dropped_ipv6" drop
            iifname @closed_links counter name "{{LeakCounter}}" drop
          }

        """;

    // The host itself only pings the server through a tunnel. What comes in for an inner address and belongs to no flow must not reach
    // the host's stack: its answer, a reset, would end the remote's connection.
    private const string Host = $$"""
          chain input {
            iifname {{Tunnels}} meta l4proto icmp ct state established,related accept
            iifname {{Tunnels}} counter name "dropped_unasked" drop
          }
          chain output {
            oifname {{Tunnels}} meta l4proto icmp accept
            oifname {{Tunnels}} counter name "dropped_strangers" drop
          }
          chain postrouting {
            oifname vmap @translations
          }

        """;

    /// <summary>The rules that give what leaves through a tunnel its inner addresses, and its ports where it has blocks.</summary>
    /// <param name="tunnel">The tunnel.</param>
    /// <param name="opened">A counter of the table, for the connections that take a port of a block; null counts none.</param>
    public static IReadOnlyList<string> Translation(DesiredTunnel tunnel, string? opened = null)
    {
        var rest = $"snat ip to {tunnel.InnerAddresses[0]}";
        if (tunnel.Blocks.Count == 0)
            return [rest];
        var count = opened is null ? "" : $"counter name \"{opened}\" ";
        var map = string.Join(", ", tunnel.Blocks.Select((block, i) => string.Create(CultureInfo.InvariantCulture, $"{i} : {block.Address} . {block.Ports}")));
        return [string.Create(CultureInfo.InvariantCulture, $"meta l4proto {{ tcp, udp }} {count}snat ip to numgen inc mod {tunnel.Blocks.Count} map {{ {map} }}"), rest];
    }
}
