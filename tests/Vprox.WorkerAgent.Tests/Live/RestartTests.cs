using System.Net.Sockets;
using System.Text;

namespace Vprox.WorkerAgent.Tests.Live;

public sealed class RestartTests(BrokerFixture broker)
{
    [Fact]
    public async Task A_killed_agent_leaves_connections_running_and_the_next_one_adopts_everything()
    {
        await using var stage = await Stage.SetAsync(broker);
        var container = stage.Network.Container(1);
        await stage.RouteAsync(1);
        using var connection = new TcpClient { Client = container.Run(() => new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)) };
        await connection.ConnectAsync(WorkerNetwork.Echo);
        using var reader = new StreamReader(connection.GetStream(), Encoding.ASCII);
        await reader.ReadLineAsync();

        stage.Agent.Kill();
        await EchoAsync(connection, reader);
        var rules = WorkerNetwork.Ip(stage.Network.Worker, "rule show");
        var opened = stage.Network.Dropped("opened_vw0");
        var changes = Changes(stage).Count;
        stage.Agent.Start();
        await WorkerNetwork.UntilAsync("the agent is back", () => stage.Agent.Log.Split("started with 1 containers and 1 tunnels").Length == 2);

        // The table is given once more, in one transaction that changes nothing; counters live on.
        await WorkerNetwork.UntilAsync("the agent has looked", () => Changes(stage).Count > changes);
        Assert.EndsWith(" ms: ReplaceRuleset", Changes(stage)[changes], StringComparison.Ordinal);
        Assert.InRange(stage.Network.Dropped("opened_vw0"), Math.Max(1, opened), long.MaxValue);
        await EchoAsync(connection, reader);

        // The next container says that it works; the first was not touched.
        stage.Network.Container(2);
        await stage.RouteAsync(2);
        await EchoAsync(connection, reader);
        Assert.Equal((2, 1), (stage.Rules, stage.Tunnels));
        Assert.Equal(1, stage.Control.Grants);
        Assert.Contains(rules.Split('\n').Single(line => line.Contains("10.88.0.2", StringComparison.Ordinal)), WorkerNetwork.Ip(stage.Network.Worker, "rule show"), StringComparison.Ordinal);

        await ByHandAsync(stage);
        await EchoAsync(connection, reader);
        await LeavesNothingAsync(stage);
    }

    // Whoever tidies up by hand is put right, within a reconcile interval.
    private static async Task ByHandAsync(Stage stage)
    {
        var worker = stage.Network.Worker;
        WorkerNetwork.Ip(worker, "rule del from 10.88.0.2");
        await WorkerNetwork.UntilAsync("the rule is back", () => stage.Rules == 2);
        WorkerNetwork.Ip(worker, "route flush table 22016");
        await WorkerNetwork.UntilAsync("the routes are back", () => WorkerNetwork.Ip(worker, "route show table 22016").Contains("dev vw0", StringComparison.Ordinal));
        WorkerNetwork.Nft(worker, "flush chain inet vprox_worker forward");
        await WorkerNetwork.UntilAsync("the kill switch is back", () => worker.Execute("nft", "list", "chain", "inet", "vprox_worker", "forward").Contains("dropped_leaks", StringComparison.Ordinal));
        WorkerNetwork.Ip(worker, "rule add from 10.88.0.77 lookup 22016 priority 5600 protocol 86");
        await WorkerNetwork.UntilAsync("what belongs to no container is gone", () => stage.Rules == 2);
    }

    private static async Task LeavesNothingAsync(Stage stage)
    {
        Assert.Equal(0, await stage.Agent.StopAsync());
        Assert.Equal((2, 1), (stage.Rules, stage.Tunnels));
        Assert.Equal(0, await stage.Agent.TeardownAsync());
        Assert.Equal((0, 0), (stage.Rules, stage.Tunnels));
        Assert.DoesNotContain("vprox", stage.Network.Worker.Execute("nft", "list", "ruleset"), StringComparison.Ordinal);
        Assert.DoesNotContain("proto 86", WorkerNetwork.Ip(stage.Network.Worker, "route show table all"), StringComparison.Ordinal);
    }

    private static async Task EchoAsync(TcpClient connection, StreamReader reader)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        await connection.GetStream().WriteAsync("still here\n"u8.ToArray(), deadline.Token);
        Assert.Equal("still here", await reader.ReadLineAsync(deadline.Token));
    }

    private static List<string> Changes(Stage stage) => [.. stage.Agent.Log.Split('\n').Where(line => line.Contains("Changed the kernel", StringComparison.Ordinal))];
}
