using System.Text.Json;
using Vprox.Lab.Topology;
using Vprox.Scenarios.Flows;

namespace Vprox.Scenarios.Drills;

/// <summary>
/// Counts, packet by packet where they enter the internet's server, those to the flows' ports that come from anything but the static address
/// the port stands for: from another static address, from the worker's own, or from a private one.
/// </summary>
public sealed class SourceWatch(LabHost internet)
{
    private const string Table = "ip sourcewatch";

    /// <summary>Begins to watch, from zero.</summary>
    public void Begin(IReadOnlyList<string> addresses)
    {
        var right = string.Join(", ", addresses.Index().SelectMany(address => Enum.GetValues<FlowKind>(),
            (address, kind) => $"{address.Item} . {FlowPorts.Of(kind, address.Index)}"));
        internet.Nft.Run($$"""
            table {{Table}} { }
            delete table {{Table}}
            table {{Table}} {
              counter wrong { }
              set right { type ipv4_addr . inet_service; elements = { {{right}} }; }
              set offenders { type ipv4_addr . inet_service; flags dynamic; size 64; }
              chain prerouting {
                type filter hook prerouting priority raw; policy accept;
                ip daddr {{LabPlan.InternetServer}} meta l4proto { tcp, udp } th dport {{FlowPorts.Of(FlowKind.Echo, 0)}}-{{FlowPorts.Of(FlowKind.Udp, FlowPorts.MostAddresses - 1)}} ip saddr . th dport != @right update @offenders { ip saddr . th dport } counter name wrong
              }
            }
            """);
    }

    /// <summary>Packets with a wrong source since the beginning.</summary>
    public async Task<long> CountAsync()
    {
        using var listed = JsonDocument.Parse(await internet.ExecuteAsync("nft", ["-j", "list", "counter", .. Table.Split(' '), "wrong"]));
        return listed.RootElement.GetProperty("nftables").EnumerateArray()
            .Where(entry => entry.TryGetProperty("counter", out _)).Sum(entry => entry.GetProperty("counter").GetProperty("packets").GetInt64());
    }

    /// <summary>The wrong sources with the ports they wrote to, as nft shows them.</summary>
    public Task<string> OffendersAsync() => internet.ExecuteAsync("nft", ["list", "set", .. Table.Split(' '), "offenders"]);
}
