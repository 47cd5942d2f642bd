using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;

namespace Vprox.Bench.Shaping;

/// <summary>Does an address get what was configured, alone and among many?</summary>
internal sealed class ShapingBenchmark : IBenchmark
{
    private const int AloneMbps = 100;
    private const int Many = 100;
    private const int EachMbps = 2;
    private static readonly TimeSpan First = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Time = TimeSpan.FromSeconds(10);

    public string Name => "shaping";

    public string Method => "forwarded 1,420-byte packets at 1.25 times the ceiling through the tree that NodeAgent makes; Mbit/s of IP packets that arrive in 10 s, beside the ceiling; "
        + "1 address of 100 Mbit/s, then 100 of 2 Mbit/s at once, each direction; once iperf3 over TCP, whose figure is payload";

    public async Task RunAsync(BenchmarkReport report, CancellationToken cancel)
    {
        using (var node = new ShapedNode(1, AloneMbps))
        {
            report.Remark($"queue of an address: {node.Leaf}");
            await MeasureAsync(report, node, "shaping_1_class", AloneMbps, outgoing: true, cancel);
            await MeasureAsync(report, node, "shaping_1_class_ingress", AloneMbps, outgoing: false, cancel);
            report.Add("shaping_1_class_iperf3_payload", await IperfAsync(node, cancel), "Mbit/s", AloneMbps);
        }
        using var full = new ShapedNode(Many, EachMbps);
        await MeasureAsync(report, full, "shaping_100_classes", EachMbps, outgoing: true, cancel);
        await MeasureAsync(report, full, "shaping_100_classes_ingress", EachMbps, outgoing: false, cancel);
    }

    private static async Task MeasureAsync(BenchmarkReport report, ShapedNode node, string figure, int ceilingMbps, bool outgoing, CancellationToken cancel)
    {
        using var flood = new Flood(node, outgoing);
        var rates = await flood.MeasureAsync(ceilingMbps, First, Time, cancel);
        report.Add(figure, rates.Sum(), "Mbit/s", (double)ceilingMbps * rates.Count);
        if (rates.Count > 1)
        {
            report.Remark(string.Create(CultureInfo.InvariantCulture,
                $"of {rates.Count} addresses the slowest got {rates.Min() / ceilingMbps:0.000} of its ceiling, the fastest {rates.Max() / ceilingMbps:0.000}"));
        }
    }

    private static async Task<double> IperfAsync(ShapedNode node, CancellationToken cancel)
    {
        using var server = node.Internet.Start(new ProcessStartInfo("iperf3") { ArgumentList = { "-s", "-1", "-B", $"{ShapedNode.Server}" }, RedirectStandardOutput = true });
        // The server says when it listens.
        while (await server.StandardOutput.ReadLineAsync(cancel) is { } line && !line.Contains("listening", StringComparison.Ordinal))
        {
        }
        var text = node.Worker.Execute("iperf3", "-c", $"{ShapedNode.Server}", "-B", $"{node.Addresses[0]}", "-t", "10", "-O", "2", "-J");
        await server.WaitForExitAsync(cancel);
        return JsonNode.Parse(text)!["end"]!["sum_received"]!["bits_per_second"]!.GetValue<double>() / 1e6;
    }
}
