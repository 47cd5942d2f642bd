using Vprox.Lab.Namespaces;

namespace Vprox.WorkerAgent.Tests.Live;

/// <summary>A crash of the host may leave a journal that nobody can read.</summary>
public sealed class JournalLossTests(BrokerFixture broker)
{
    [Fact]
    public async Task With_a_damaged_journal_the_agent_starts_only_where_the_kernel_holds_nothing_of_ours()
    {
        await using var stage = await Stage.SetAsync(broker);
        var worker = stage.Network.Worker;
        var container = stage.Network.Container(1);
        await stage.RouteAsync(1);
        stage.Agent.Kill();
        await File.WriteAllBytesAsync(stage.Agent.Journal, [], TestContext.Current.CancellationToken);

        await RefusesAsync(stage);
        Assert.Equal((1, 1), (stage.Rules, stage.Tunnels));

        // Whoever flushes all of nft has not started the host anew: the rule is still there.
        WorkerNetwork.Nft(worker, "delete table inet vprox_worker");
        await RefusesAsync(stage);

        // What a start of the host leaves of us.
        WorkerNetwork.Ip(worker, "rule del from 10.88.0.2");
        WorkerNetwork.Ip(worker, "route flush table 22016");
        WorkerNetwork.Ip(worker, "link del vw0");
        await WorkerNetwork.UntilAsync("wireguard-go ended", () => !File.Exists(stage.Agent.SocketOf("vw0")));
        stage.Agent.Start();
        await WorkerNetwork.UntilAsync("the agent began with nothing", () => stage.Agent.Log.Contains("Began with nothing", StringComparison.Ordinal));
        await stage.StartAsync(1);
        await WorkerNetwork.UntilAsync("c1 is routed again", () => stage.Control.Routed.Count(routed => routed.ContainerId == "c1") == 2);
        Assert.StartsWith($"{WorkerNetwork.StaticAddress}:", await WorkerNetwork.SeenFromAsync(container), StringComparison.Ordinal);
    }

    private static async Task RefusesAsync(Stage stage)
    {
        var before = stage.Agent.Log.Split("teardown").Length;
        stage.Agent.Start();
        Assert.Equal(1, await stage.Agent.EndAsync());
        await WorkerNetwork.UntilAsync("the agent said what to do", () => stage.Agent.Log.Split("teardown").Length > before);
    }
}
