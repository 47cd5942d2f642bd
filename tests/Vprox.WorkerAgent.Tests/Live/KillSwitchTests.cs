using System.Net;
using Microsoft.AspNetCore.Http;
using Vprox.Contracts;

namespace Vprox.WorkerAgent.Tests.Live;

public sealed class KillSwitchTests(BrokerFixture broker)
{
    [Fact]
    public async Task From_its_first_packet_nothing_of_a_container_on_a_closed_bridge_leaves_outside_the_tunnel()
    {
        await using var stage = await Stage.SetAsync(broker, new() { ["FailClosedInterfaces__0"] = "br0" });
        await WorkerNetwork.UntilAsync("the bridge is closed", () => stage.Agent.Log.Contains("Changed the kernel", StringComparison.Ordinal));
        var container = stage.Network.Container(1);
        Assert.True(await WorkerNetwork.IsClosedAsync(container, TimeSpan.FromSeconds(2)));

        await stage.RouteAsync(1);
        Assert.Equal(WorkerNetwork.StaticAddress, IPEndPoint.Parse(await WorkerNetwork.SeenFromAsync(container)).Address);
        await stage.StopAsync(1);
        await WorkerNetwork.UntilAsync("the rule is gone", () => stage.Rules == 0);
        Assert.True(await WorkerNetwork.IsClosedAsync(container, TimeSpan.FromSeconds(2)));
        Assert.Equal(0, stage.Network.Leaked());
        Assert.True(stage.Network.Dropped("dropped_leaks") > 0);
    }

    [Fact]
    public async Task A_refused_container_stays_closed_until_it_is_stopped()
    {
        var refusal = new GrantRefused { Code = ContainerRefusedCode.UnknownProxy, Reason = "Proxy p1 does not exist." };
        await using var stage = await Stage.SetAsync(broker, grant: (_, _) => refusal);
        var container = stage.Network.Container(1);
        await stage.StartAsync(1);
        await WorkerNetwork.UntilAsync("c1 is refused", () => stage.Control.Refused.Any());
        var refused = stage.Control.Refused.First();
        Assert.Equal((refusal.Code, refusal.Reason), (refused.Code, refused.Reason));
        Assert.True(await WorkerNetwork.IsClosedAsync(container, TimeSpan.FromSeconds(2)));
        Assert.Equal(0, stage.Network.Leaked());

        await stage.StopAsync(1);
        await WorkerNetwork.UntilAsync("c1 is open", async () => !await WorkerNetwork.IsClosedAsync(container, TimeSpan.FromSeconds(1)));
        Assert.Equal((0, 0), (stage.Rules, stage.Tunnels));
    }

    [Fact]
    public async Task What_cannot_be_routed_is_refused_with_its_reason_and_harms_nobody()
    {
        var answers = new Queue<Func<IResult>>([() => Results.Problem("not your grant", statusCode: 401), () => Results.Text("{\"AssignedAddr\":\"0.0.0.0/0\"}", "application/json")]);
        await using var stage = await Stage.SetAsync(broker);
        stage.Node.Instead = _ => answers.TryDequeue(out var answer) ? answer() : null;
        stage.Network.Container(1);

        // A node that refuses the grant, then lies, then does as it should: the worker comes through.
        await stage.RouteAsync(1);
        Assert.Equal(2, stage.Control.Grants);

        await stage.StartAsync(1, id: "twin");
        await stage.Control.StartAsync(stage.WorkerId, "far", "203.0.113.1");
        await stage.Control.StartAsync(stage.WorkerId, "self", WorkerNetwork.WorkerAddress.ToString());
        await stage.Control.StartAsync(stage.WorkerId, "odd", "10.88.1");
        stage.Network.Container(2);
        await stage.StartAsync(2, workspaceId: "ws2");
        await WorkerNetwork.UntilAsync("all are refused", () => stage.Control.Refused.Count() == 5);
        Assert.Equal(
            [("c2", "foreign-proxy"), ("far", "foreign-container"), ("odd", "invalid-request"), ("self", "foreign-container"), ("twin", "address-in-use")],
            stage.Control.Refused.Select(refused => (refused.ContainerId, refused.Code)).Order());
        Assert.Equal((1, 1), (stage.Rules, stage.Tunnels));
    }
}
