using System.Net;
using Vprox.Addressing;
using Vprox.Nftables;
using Vprox.WireGuard;
using Vprox.WorkerAgent.Core;
using Vprox.WorkerAgent.Tests.Live;

namespace Vprox.WorkerAgent.Tests.Core;

[Collection(ManyFiles.Name)]
public sealed class WorkerRulesetTests
{
    [Fact]
    public void The_table_reads_as_written_here()
    {
        const string expected = """
            table inet vprox_worker {
              counter dropped_leaks { }
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
            table inet vprox_worker {
              ct timeout short_waits {
                protocol tcp;
                l3proto ip;
                policy = { syn_sent : 10, time_wait : 10, close : 5 };
              }
            }
            flush table inet vprox_worker
            flush map inet vprox_worker zones
            flush map inet vprox_worker translations
            flush set inet vprox_worker containers
            flush set inet vprox_worker paths
            flush set inet vprox_worker container_links
            flush set inet vprox_worker local_paths
            flush set inet vprox_worker closed_links
            flush set inet vprox_worker closed_subnets
            add counter inet vprox_worker opened_vw0
            add chain inet vprox_worker translate_vw0
            flush chain inet vprox_worker translate_vw0
            add rule inet vprox_worker translate_vw0 meta l4proto { tcp, udp } counter name "opened_vw0" snat ip to numgen inc mod 2 map { 0 : 240.0.0.2 . 1024-1279, 1 : 240.0.0.3 . 1280-1535 }
            add rule inet vprox_worker translate_vw0 snat ip to 240.0.0.2
            add element inet vprox_worker containers { 10.88.0.2, 10.88.0.3, 10.88.0.9 }
            add element inet vprox_worker paths { 10.88.0.2 . "vw0" }
            add element inet vprox_worker zones { 10.88.0.2 : 36866 }
            add element inet vprox_worker container_links { "br0", "cni0" }
            add element inet vprox_worker local_paths { "br0" . "br0", "cni0" . "cni0" }
            add element inet vprox_worker translations { "vw0" : jump translate_vw0 }
            add element inet vprox_worker closed_links { "cni0" }
            add element inet vprox_worker closed_subnets { 10.99.0.0/16 }
            table inet vprox_worker {
              chain raw_prerouting {
                ct original zone set ip saddr map @zones
              }
              chain prerouting {
                ip saddr @containers meta l4proto { tcp, udp } th dport 53 fib daddr type local counter name "dropped_host_dns" drop
              }
              chain input {
                ip saddr @containers meta l4proto { tcp, udp } th dport 53 counter name "dropped_host_dns" drop
                ip saddr @closed_subnets meta l4proto { tcp, udp } th dport 53 counter name "dropped_host_dns" drop
                iifname @closed_links meta l4proto { tcp, udp } th dport 53 counter name "dropped_host_dns" drop
                meta nfproto ipv6 iifname @container_links meta l4proto { tcp, udp } th dport 53 counter name "dropped_host_dns" drop
              }
              chain forward {
                oifname "vw*" tcp flags syn / syn,rst tcp option maxseg size set rt mtu
                iifname "vw*" tcp flags syn / syn,rst tcp option maxseg size set 1380
                oifname "vw*" meta l4proto tcp ct timeout set "short_waits"
                iifname . oifname @local_paths accept
                ip saddr . oifname @paths accept
                oifname "vw*" counter name "dropped_strangers" drop
                iifname "vw*" ip daddr @containers ct state established,related accept
                iifname "vw*" counter name "dropped_unasked" drop
                ip saddr @containers counter name "dropped_leaks" drop
                ip saddr @closed_subnets counter name "dropped_leaks" drop
                meta nfproto ipv6 iifname @container_links counter name "dropped_ipv6" drop
                iifname @closed_links counter name "dropped_leaks" drop
              }
              chain input {
                iifname "vw*" meta l4proto icmp ct state established,related accept
                iifname "vw*" counter name "dropped_unasked" drop
              }
              chain output {
                oifname "vw*" meta l4proto icmp accept
                oifname "vw*" counter name "dropped_strangers" drop
              }
              chain postrouting {
                oifname vmap @translations
              }
            }

            """;
        Assert.Equal(expected, WorkerRuleset.Render(Example(), stillHeld: [IPAddress.Parse("10.88.0.9")]).Text);
    }

    [Fact]
    public void The_kernel_takes_it()
    {
        using var nft = new Nft();
        nft.Check(WorkerRuleset.Render(Example(), stillHeld: []).Text);
        nft.Check(WorkerRuleset.Render(DesiredWorker.Empty, stillHeld: []).Text);
    }

    [Fact]
    public void Without_blocks_the_ports_are_the_nodes_to_choose()
    {
        var example = Example();
        var text = WorkerRuleset.Render(example with { Tunnels = [example.Tunnels[0] with { Blocks = [] }] }, stillHeld: []).Text;
        Assert.DoesNotContain("numgen", text, StringComparison.Ordinal);
        Assert.Contains("translate_vw0 snat ip to 240.0.0.2\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_hosts_resolver_is_open_only_when_the_operator_says_so()
    {
        var text = WorkerRuleset.Render(DesiredWorker.Empty with { Guard = new Guard { AllowHostDns = true } }, stillHeld: []).Text;
        Assert.DoesNotContain("dport 53", text, StringComparison.Ordinal);
    }

    private static DesiredWorker Example()
    {
        var inner = Ipv4Prefix.Parse("240.0.0.0/22");
        return new DesiredWorker
        {
            Guard = new Guard { Interfaces = ["cni0"], Subnets = [Ipv4Prefix.Parse("10.99.0.0/16")] },
            Containers =
            [
                new DesiredContainer { Ip = IPAddress.Parse("10.88.0.3"), Link = "br0" },
                new DesiredContainer { Ip = IPAddress.Parse("10.88.0.2"), Link = "br0", Tunnel = 0 },
            ],
            Tunnels =
            [
                new DesiredTunnel
                {
                    Slot = 0,
                    PrivateKey = WireGuardPrivateKey.Generate(),
                    ServerPublicKey = WireGuardPrivateKey.Generate().PublicKey(),
                    Endpoint = IPEndPoint.Parse("192.0.2.10:49152"),
                    InnerAddresses = [IPAddress.Parse("240.0.0.2"), IPAddress.Parse("240.0.0.3")],
                    Blocks = [.. Enumerable.Range(0, 2).Select(i => new InnerBlock(AddressLayout.AddressOfBlock(inner, i), AddressLayout.PortsOfBlock(i)))],
                    Gateway = IPAddress.Parse("240.0.0.1"),
                    Mtu = 1420,
                },
            ],
        };
    }
}
