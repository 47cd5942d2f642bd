using System.Net;
using Vprox.Bench.Nodes;

namespace Vprox.Bench.Connects;

/// <summary>New tunnels by HTTPS: as many a second as it goes, and 1,500 at one moment.</summary>
public sealed class ConnectBenchmark : IBenchmark
{
    private const int Crowd = 1_500;
    private const int CrowdRounds = 3;
    private const int HttpsPort = 443;
    private const int WarmUps = 2;

    // Not of this run: measured on 2 cores that it shared with wrk, against wireguard-go, 750 to 850 (docs/performance.md).
    private const double GoVprox = 800;

    private static readonly NodeSize OneAddress = new(1, 1, 0);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <inheritdoc/>
    public string Name => "connect";

    /// <inheritdoc/>
    public string Method =>
        "the real NodeAgent with one address in a namespace, wrk on the same cores in another: 100 connections for 10 s, each request on a new TLS connection with a new key and a "
        + "grant of its own, after two such runs for the compiler. Beside it the same from a bare Kestrel that answers 200 and does nothing. Then 1,500 connects at one "
        + "moment, median of 3 for the p99, failures of all";

    /// <inheritdoc/>
    public async Task RunAsync(BenchmarkReport report, CancellationToken cancel)
    {
        Wrk.RequireInstalled();
        using var host = new NodeHost(new NodeInput(OneAddress, Vprox.Identity.SealingKey.Generate()).NetworkInterfaces);
        var input = new NodeInput(OneAddress, AgentProcess.SealingKey(host));
        var metadata = await InstanceMetadata.StartAsync(host.Node, input.NetworkInterfaces, cancel);
        await using var _ = metadata.ConfigureAwait(false);
        using var agent = AgentProcess.Start(host, input);
        await agent.WaitForAsync("is served", Patience, cancel);
        var server = new IPEndPoint(input.Placements[0].PrivateAddress, HttpsPort);

        report.Remark("an address has room for 865 tunnels without blocks at a time: each grant's lease ends at once, so that a later one may take its inner address");
        // Compiled code, as in an agent that has run for a while.
        for (var run = 0; run < WarmUps; run++)
            await Wrk.RunAsync(host, server, new GrantSupply(input).Take(12_000), cancel);
        var grants = new GrantSupply(input).Take(36_000);
        var before = agent.ProcessorTime();
        var result = await Wrk.RunAsync(host, server, grants, cancel);
        var used = agent.ProcessorTime() - before;
        report.Add("connects_per_second", result.Good / result.Duration.TotalSeconds, "/s", GoVprox);
        report.Add("cpu_ms_per_connect", used.TotalMilliseconds / Math.Max(1, result.Good), "ms");
        report.Remark($"ratio: to 800, the middle of what modal-labs/vprox reached on such a machine, not in this run");
        report.Remark($"of NodeAgent, wireguard-go's not counted; {result.Good} connects, {result.Failed} failed or refused");
        if (result.Failed > 0)
            report.Remark(result.Failures);
        var ceiling = await CeilingAsync(cancel);
        report.Add("connects_beside_bare_kestrel", result.Good / result.Duration.TotalSeconds, "/s", ceiling.Good / ceiling.Duration.TotalSeconds);

        var times = new List<double>();
        var failures = 0;
        before = agent.ProcessorTime();
        for (var round = 0; round < CrowdRounds; round++)
        {
            var crowd = host.Client.Run(() => ConnectCrowd.Run(server, new GrantSupply(input).Take(Crowd)));
            failures += crowd.Failures;
            times.Add(crowd.Percentile99.TotalMilliseconds);
            if (crowd.FirstFailure is { } why)
                report.Remark($"a failure: {why}");
        }
        report.Add("connect_storm_1500_failures", failures, "connects");
        if (failures > 0 && File.ReadLines(agent.Log).LastOrDefault(line => line.Contains("was frozen", StringComparison.Ordinal)) is { } frozen)
            report.Remark($"the node's own watch had no processor for more than a second and served nothing until it had read IMDS: {frozen}");
        report.Add("connect_storm_1500_cpu", (agent.ProcessorTime() - before).TotalMilliseconds / (CrowdRounds * Crowd), "ms a connect");
        report.Remark("of NodeAgent, without wireguard-go and the crowd, which take their share of the same cores");
        report.Add("connect_storm_1500_p99", times.Order().ElementAt(CrowdRounds / 2), "ms");
    }

    // The most that anything on this web server could do on this machine as busy as it is now.
    private static async Task<Wrk.Result> CeilingAsync(CancellationToken cancel)
    {
        var input = new NodeInput(OneAddress, Vprox.Identity.SealingKey.Generate());
        using var host = new NodeHost(input.NetworkInterfaces);
        var server = new IPEndPoint(input.NetworkInterfaces[0].PrimaryAddress, HttpsPort);
        var bare = await BareTls.StartAsync(host.Node, server, cancel);
        await using var _ = bare.ConfigureAwait(false);
        var grants = new GrantSupply(input).Take(36_000);
        for (var run = 0; run < WarmUps; run++)
            await Wrk.RunAsync(host, server, grants, cancel);
        return await Wrk.RunAsync(host, server, grants, cancel);
    }
}
