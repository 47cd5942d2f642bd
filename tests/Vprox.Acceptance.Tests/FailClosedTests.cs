using Vprox.Lab.Probes;
using Vprox.Lab.Topology;

namespace Vprox.Acceptance.Tests;

/// <summary>
/// A container that asked for a static address leaves with it or not at all. Each container here sends SYNs, datagrams, IPv6 and name
/// questions without pause; what the worker's uplink sees of it outside a tunnel must be no packet.
/// </summary>
public sealed class FailClosedTests(SharedLab shared) : AcceptanceTest(shared)
{
    [Fact]
    public async Task Without_a_proxy_the_watch_sees_every_way_out()
    {
        // What the other tests rely on: packets do get out when nothing stops them, and are counted when they do.
        var container = Worker.Containers[2];
        await using var names = NameServer.Start(Worker);
        Assert.True(await DualStack.AnswersAsync(container), "IPv6 has no way to the internet");
        Assert.True(await NameServer.AnswersAsync(container, Deadline), "the host's name server does not answer");

        using var watch = UplinkWatch.Start(Worker);
        await using var flood = ContainerFlood.Start(container);
        await flood.GoOnAsync();

        Assert.True(watch.LeakedPackets > 100, $"only {watch.LeakedPackets} packets were seen");
    }

    [Fact]
    public async Task On_a_fail_closed_subnet_nothing_leaves_outside_the_tunnel_from_before_its_event_to_after_its_stop()
    {
        var container = ClosedWorker.Containers[0];
        await using var names = NameServer.Start(ClosedWorker);
        using var watch = UplinkWatch.Start(ClosedWorker);
        await using var flood = ContainerFlood.Start(container);
        await flood.GoOnAsync();
        await NoLeakAsync(watch, flood, "before the container's event");

        var (proxy, address) = await ProxyAsync();
        var id = await RouteAsync(container, proxy);
        Assert.Equal(address.ToString(), await container.SeenAddressAsync());
        await NoLeakAsync(watch, flood, "with a tunnel");
        Assert.True(watch.TunnelledPackets > 100, "nothing went through the tunnel");

        await LoseAndRestoreAsync(container, watch, flood);
        await KillAgentAsync(container, watch, flood);

        await StopAsync(id, container);
        await NoLeakAsync(watch, flood, "after the container's stop");
        await WorkerState.EmptyAsync(ClosedWorker, Deadline);
        await NoLeakAsync(watch, flood, "after the tunnel's end");
    }

    [Fact]
    public async Task On_an_ordinary_bridge_nothing_leaves_outside_the_tunnel_from_the_hold_on()
    {
        var container = Worker.Containers[0];
        await using var names = NameServer.Start(Worker);
        using var watch = UplinkWatch.Start(Worker);
        await using var flood = ContainerFlood.Start(container);
        var (proxy, address) = await ProxyAsync();

        var id = await SendStartAsync(container, proxy);
        await WorkerState.HoldsAsync(Worker, container.Address, Deadline);
        await names.DrainAsync();
        watch.Reset();
        await NoLeakAsync(watch, flood, "while it was held");
        Assert.Equal("vprox.container-routed", (await AnswerAsync(id)).Exchange);
        Assert.Equal(address.ToString(), await container.SeenAddressAsync());
        Assert.False(await NameServer.AnswersAsync(container, TimeSpan.FromSeconds(1)), "the host asked names for the container");
        Assert.False(await DualStack.AnswersAsync(container), "IPv6 answered");
        await NoLeakAsync(watch, flood, "with a tunnel");

        await LoseAndRestoreAsync(container, watch, flood);
        await KillAgentAsync(container, watch, flood);
    }

    [Fact]
    public async Task A_refused_container_reaches_nothing()
    {
        var container = Worker.Containers[0];
        await using var names = NameServer.Start(Worker);
        using var watch = UplinkWatch.Start(Worker);
        await using var flood = ContainerFlood.Start(container);
        await LeaveHalfOpenAsync(flood);

        var id = await SendStartAsync(container, Id("no-such-proxy"));
        await WorkerState.HoldsAsync(Worker, container.Address, Deadline);
        await names.DrainAsync();
        watch.Reset();
        Assert.Equal("vprox.container-refused", (await AnswerAsync(id)).Exchange);
        await NoLeakAsync(watch, flood, "after the refusal");
        await Assert.ThrowsAnyAsync<Exception>(() => container.SeenAddressAsync());
    }

    /// <summary>
    /// Whoever asks of the server just before its hold gets no word through when the answer comes. The server answers again, 1, 3 and 7 s later; by then the
    /// held container's next SYN has ended the connection for conntrack, so that it is the host that gets the answer, and resets it.
    /// </summary>
    private async Task LeaveHalfOpenAsync(ContainerFlood flood)
    {
        const string Name = "half_open";
        Worker.Nft.Run($$"""
            table inet {{Name}} {
              chain forward { type filter hook forward priority 0; oifname "{{LabWorker.Uplink}}" tcp flags rst drop; }
            }
            """);
        await flood.GoOnAsync();
        Worker.Nft.Run($"delete table inet {Name}");
    }

    /// <summary>The node does not answer for a while; then it does again, and so does the internet.</summary>
    private async Task LoseAndRestoreAsync(LabContainer container, UplinkWatch watch, ContainerFlood flood)
    {
        var lost = LogMark.Now(Lab);
        Lab.Internet.Nft.Run($$"""
            table inet outage {
              chain forward { type filter hook forward priority 0; ip daddr {{LabPlan.ElasticRange}} drop; ip saddr {{LabPlan.ElasticRange}} drop; }
            }
            """);
        await UntilAsync("the worker notices that its tunnel is lost", () => Task.FromResult(lost.Since(1000).Contains("silent", StringComparison.Ordinal)));
        await NoLeakAsync(watch, flood, "while the tunnel was lost");

        Lab.Internet.Nft.Run("delete table inet outage");
        await SeenAgainAsync(container);
        await NoLeakAsync(watch, flood, "after the tunnel came back");
    }

    private static async Task KillAgentAsync(LabContainer container, UplinkWatch watch, ContainerFlood flood)
    {
        var worker = container.Worker;
        worker.Agent.Kill9();
        await NoLeakAsync(watch, flood, "while the agent was dead");
        worker.Agent.Start();
        await NoLeakAsync(watch, flood, "while the agent started");
        await VproxLab.ReadyAsync(worker, worker.Agent);
        await NoLeakAsync(watch, flood, "after the agent's restart");
        await SeenAgainAsync(container);
    }

    private static Task SeenAgainAsync(LabContainer container) => UntilAsync($"{container.Name} reaches the internet again", async () =>
    {
        try
        {
            return (await container.SeenAddressAsync()).Length > 0;
        }
        catch (Exception unreachable) when (unreachable is HttpRequestException or OperationCanceledException)
        {
            return false;
        }
    });

    private static async Task NoLeakAsync(UplinkWatch watch, ContainerFlood flood, string when)
    {
        await flood.GoOnAsync();
        Assert.True(watch.LeakedPackets == 0, $"{watch.LeakedPackets} packets left outside the tunnel {when}: {watch.Leaked}");
    }
}
