using System.Globalization;
using System.Net;
using Vprox.Lab.Topology;
using Vprox.Netlink;

namespace Vprox.Bench.Ports;

/// <summary>New connections to one destination, sustained, beside plain SNAT with the whole range of ports on the same path in the same run.</summary>
public sealed class PortsBenchmark : IBenchmark
{
    private const string ProxyId = "bench";
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private static int Rate { get; } = Setting("VPROX_PORTS_RATE", 500);

    private static TimeSpan Duration { get; } = TimeSpan.FromSeconds(Setting("VPROX_PORTS_SECONDS", 180));

    /// <inheritdoc/>
    public string Name => "ports";

    /// <inheritdoc/>
    public string Method => string.Create(CultureInfo.InvariantCulture,
        $"one container opens {Rate} connections/s to one address and port for {Duration.TotalSeconds:0} s and closes each at once, through worker, WireGuard and "
        + $"node of the lab with all services; then the agents are stopped and their translation is replaced by masquerade on the worker and SNAT on the node over "
        + $"all ports, and the same is done again on the same path (VPROX_PORTS_RATE, VPROX_PORTS_SECONDS)");

    /// <inheritdoc/>
    public async Task RunAsync(BenchmarkReport report, CancellationToken cancel)
    {
        try
        {
            await using var lab = await VproxLab.StartAsync(new LabOptions { Nodes = 1, Workers = 1, ContainersPerWorker = 1 }, cancel);
            var container = lab.Workers[0].Containers[0];
            var address = await RouteAsync(lab, container, cancel);
            // A client that opens hundreds a second has this set, or runs out of ports of its own.
            await container.ExecuteAsync("sysctl", "-qw", "net.ipv4.ip_local_port_range=1024 65535", "net.ipv4.tcp_tw_reuse=1");

            var ours = await FloodAsync(lab, container, 8080, cancel);
            var dropped = Dropped(lab.Workers[0]);
            var blocks = BlocksOf(lab.Workers[0]);
            await MakePlainAsync(lab, address, cancel);
            var plain = await FloodAsync(lab, container, 8081, cancel);

            report.Add("ports_new_connections_per_second", ours.PerSecond, "1/s", plain.PerSecond);
            report.Add("ports_failures", ours.Failed, "connections", plain.Failed);
            report.Add("ports_late", ours.Late, "connections", plain.Late);
            report.Add("ports_connect_p50", ours.MedianMs, "ms", plain.MedianMs);
            report.Add("ports_connect_p99", ours.P99Ms, "ms", plain.P99Ms);
            report.Remark($"of {ours.Opened} and {plain.Opened} connections; \"late\": the first SYN was lost and sent again after a second");
            report.Remark($"SYNs that found no port on the worker: {dropped} with blocks, {Dropped(lab.Workers[0]) - dropped} with plain SNAT; the tunnel had {blocks} blocks at the end");
        }
        catch (LabException failed)
        {
            throw new BenchmarkException(failed.Message);
        }
    }

    private static async Task<IPAddress> RouteAsync(VproxLab lab, LabContainer container, CancellationToken cancel)
    {
        var ready = await lab.Scheduler.RequestProxyAsync(ProxyId, deadline: Deadline, cancel: cancel);
        if (ready.Exchange != "vprox.proxy-ready")
            throw new BenchmarkException($"the proxy was rejected: {ready.Json}");
        var routed = await lab.Scheduler.StartContainerAsync("container-1", container, ProxyId, Deadline, cancel);
        if (routed.Exchange != "vprox.container-routed")
            throw new BenchmarkException($"the container was refused: {routed.Json}");
        var shown = await lab.Cloud.EffectiveElasticIpsAsync(cancel);
        return IPAddress.Parse(shown.Single(ip => ip.Address == ready.Addresses[0]).PrivateAddress!);
    }

    private static async Task<FloodResult> FloodAsync(VproxLab lab, LabContainer container, int port, CancellationToken cancel)
    {
        var to = new IPEndPoint(LabPlan.InternetServer, port);
        using var server = new ClosingServer(lab.Internet, to);
        return await new ConnectionFlood(container, to).RunAsync(Rate, Duration, cancel);
    }

    // Agents leave their tunnels up when they end; nobody else may act on their silence.
    private static async Task MakePlainAsync(VproxLab lab, IPAddress privateAddress, CancellationToken cancel)
    {
        foreach (var process in new[] { lab.Failover, lab.Allocator, lab.Nodes[0].Agent, lab.Workers[0].Agent })
            process.Kill9();
        lab.Workers[0].Nft.Run("""
            delete table inet vprox_worker
            table ip plain {
              chain postrouting {
                type nat hook postrouting priority srcnat - 1; policy accept;
                oifname "vw0" masquerade
              }
              chain forward {
                type filter hook forward priority filter - 10; policy accept;
              }
            }
            """);
        var tunnel = lab.Nodes[0].Route.Links().Single(link => link.Name.StartsWith("vp", StringComparison.Ordinal)).Name;
        lab.Nodes[0].Nft.Run($$"""
            delete table inet vprox
            table ip plain {
              chain postrouting {
                type nat hook postrouting priority srcnat; policy accept;
                iifname "{{tunnel}}" snat to {{privateAddress}}
              }
            }
            """);
        await VproxLab.WaitForAsync<string>("a container reaches the internet by plain SNAT", async () =>
        {
            try
            {
                return await lab.Workers[0].Containers[0].SeenAddressAsync(cancel);
            }
            catch (Exception notYet) when (notYet is HttpRequestException or OperationCanceledException && !cancel.IsCancellationRequested)
            {
                return null;
            }
        }, Deadline, cancel);
    }

    private static long Dropped(LabWorker worker)
    {
        using var conntrack = worker.Namespace.Run(Conntrack.Open);
        return conntrack.InsertFailures();
    }

    private static int BlocksOf(LabWorker worker) =>
        worker.Route.Addresses().Count(each => each.LinkIndex == worker.Route.Link("vw0")?.Index);

    private static int Setting(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value > 0 ? value : otherwise;
}
