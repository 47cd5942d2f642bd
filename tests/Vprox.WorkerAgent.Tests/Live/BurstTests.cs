namespace Vprox.WorkerAgent.Tests.Live;

public sealed class BurstTests(BrokerFixture broker)
{
    private const int Count = 200;

    [Fact]
    public async Task Two_hundred_containers_at_once_have_two_hundred_rules_and_one_tunnel_and_all_go_again()
    {
        await using var stage = await Stage.SetAsync(broker, new() { ["Linger"] = "00:00:01" });
        await Task.WhenAll(Enumerable.Range(1, Count).Select(container => stage.StartAsync(container)));
        await WorkerNetwork.UntilAsync("all are routed", () => stage.Control.Routed.Select(routed => routed.ContainerId).Distinct().Count() == Count);
        Assert.Equal((Count, 1), (stage.Rules, stage.Tunnels));
        Assert.Equal(Count, stage.Control.Routed.Count());
        Assert.Equal((1, 1), (stage.Control.Grants, stage.Node.Peers));

        await Task.WhenAll(Enumerable.Range(1, Count).Select(stage.StopAsync));
        await WorkerNetwork.UntilAsync("all are gone", () => (stage.Rules, stage.Tunnels, stage.Node.Peers) == (0, 0, 0));
        Assert.DoesNotContain("10.88.", stage.Network.Worker.Execute("nft", "list", "table", "inet", "vprox_worker"), StringComparison.Ordinal);
        Assert.Equal("", WorkerNetwork.Ip(stage.Network.Worker, "route show table 22016").Trim());
    }
}
