namespace Vprox.Scenarios.Catalog;

/// <summary>Something else than a node is lost: nothing may move, and nobody may feel it.</summary>
internal static class Partitions
{
    private static readonly TimeSpan AgentGone = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan BusGone = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan BrokerGone = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan WorkerGone = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan NotFelt = TimeSpan.FromSeconds(1);

    public static Scenario AgentKilled { get; } = new()
    {
        Name = "agent-killed",
        Shows = "kill -9 of a node's agent alone: nothing moves, and no flow feels it, nor that it starts again.",
        MostGap = NotFelt,
        RunAsync = async (drill, cancel) =>
        {
            var victim = (await drill.BusiestNodesAsync(cancel))[0];
            drill.FaultStrikes();
            victim.KillAgent();
            await Task.Delay(AgentGone, cancel);
            victim.StartAgent();
            await drill.Lab.AllReadyAsync(cancel);
            await drill.FlowsGoOnAsync(AgentGone, cancel);
            drill.ExpectNoFailover();
        },
    };

    public static Scenario BusCut { get; } = new()
    {
        Name = "bus-cut",
        Shows = "A node and the broker do not reach each other for 10 s: the node is suspected, nothing moves.",
        MostGap = NotFelt,
        RunAsync = async (drill, cancel) =>
        {
            var victim = (await drill.BusiestNodesAsync(cancel))[0];
            drill.FaultStrikes();
            victim.CutBus();
            await drill.ExpectMessageAsync("vprox.node-suspected", $"{victim.Name} is suspected",
                message => message.Text("nodeId") == victim.InstanceId, BusGone, cancel);
            await drill.FlowsGoOnAsync(BusGone, cancel);
            victim.JoinBus();
            await drill.Lab.AllReadyAsync(cancel);
            drill.ExpectNoFailover();
        },
    };

    public static Scenario BrokerKilled { get; } = new()
    {
        Name = "broker-killed",
        Shows = "kill -9 of RabbitMQ and its restart: nothing moves, no flow feels it.",
        MostGap = NotFelt,
        RunAsync = async (drill, cancel) =>
        {
            var broker = drill.Lab.Broker!;
            // RabbitMQ 3.10 forgets quorum queues younger than three minutes in a power cut (RabbitBroker.KillAsync), not after an orderly end.
            await broker.StopAsync(cancel);
            await broker.StartAgainAsync(cancel);
            await drill.Lab.ReconnectSchedulerAsync(cancel);
            await drill.Lab.AllReadyAsync(cancel);
            var before = await drill.NodesByAddressAsync(cancel);

            drill.FaultStrikes();
            await broker.KillAsync(cancel);
            await Task.Delay(BrokerGone, cancel);
            await broker.StartAgainAsync(cancel);
            await drill.Lab.ReconnectSchedulerAsync(cancel);
            await drill.Lab.AllReadyAsync(cancel);
            await drill.FlowsGoOnAsync(Expectations.Soonest, cancel);
            drill.ExpectNoFailover();
            await drill.ExpectUnmovedAsync(before, cancel);
        },
    };

    public static Scenario WorkerUplinkLost { get; } = new()
    {
        Name = "worker-uplink-lost",
        Shows = "A worker host loses its uplink for 20 s: no node is blamed, and all its connections go on afterwards.",
        RunAsync = async (drill, cancel) =>
        {
            var victim = drill.Lab.Workers[0];
            drill.FaultStrikes();
            victim.LoseUplink();
            await Task.Delay(WorkerGone, cancel);
            victim.RestoreUplink();
            await drill.FlowsGoOnAsync(WorkerGone + Expectations.Soonest, cancel);
            drill.ExpectNoFailover();
        },
    };
}
