using Vprox.Lab.Topology.Processes;
using Vprox.Scenarios.Drills;

namespace Vprox.Scenarios.Catalog;

/// <summary>All that is not the data path is away.</summary>
internal static class Outages
{
    private static readonly TimeSpan NotFelt = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RouteDeadline = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan AgentGone = TimeSpan.FromSeconds(2);

    public static Scenario StaticStability { get; } = new()
    {
        Name = "static-stability",
        Shows = "Allocator, Failover, EC2 and SQS are away, then RabbitMQ too, for --outage seconds, and all agents die meanwhile: no flow feels it.",
        MostGap = NotFelt,
        RunAsync = async (drill, cancel) =>
        {
            var lab = drill.Lab;
            var before = await drill.NodesByAddressAsync(cancel);
            var verdicts = new VerdictLog(lab);
            drill.FaultStrikes();
            lab.Allocator.Kill9();
            lab.Failover.Kill9();
            lab.Ec2.Vanish();
            lab.Sqs.Vanish();

            // A container's start is told over the bus: as long as that is there, the worker's tunnel is all that it takes.
            var spare = new SpareContainer(lab, lab.Workers[0]);
            var error = await spare.StartAsync(drill.Traffic.ProxyOf(drill.Traffic.Addresses[0]), drill.Traffic.Addresses[0], RouteDeadline, cancel);
            drill.Expect($"a container is added to a tunnel that is there; {error}", error is null);

            await lab.Broker!.StopAsync(cancel);
            IReadOnlyList<LabProcess> agents = [.. lab.Nodes.Select(node => node.Agent), .. lab.Workers.Select(worker => worker.Agent)];
            foreach (var agent in agents)
                agent.Kill9();
            await Task.Delay(AgentGone, cancel);
            foreach (var agent in agents)
                agent.Start();
            await drill.FlowsGoOnAsync(drill.Settings.Outage, cancel);
            foreach (var worker in lab.Workers)
                foreach (var (container, address) in worker.Containers.Zip(drill.Traffic.Addresses))
                    drill.Expect($"{container.Name} connects anew, as {address}", await container.SeenAddressAsync(cancel) == address);
            foreach (var agent in agents)
                drill.Expect($"{agent.Name} waits for the bus; its log ends {agent.Tail(2)}", agent.IsRunning);

            await lab.Broker.StartAgainAsync(cancel);
            await lab.ReconnectSchedulerAsync(cancel);
            lab.Ec2.Restore();
            lab.Sqs.Restore();
            lab.Allocator.Start();
            lab.Failover.Start();
            await lab.AllReadyAsync(cancel);
            await spare.StopAsync(cancel);
            await drill.FlowsGoOnAsync(drill.Settings.Outage + Expectations.Soonest, cancel);
            drill.ExpectNoFailover();
            drill.Expect("Failover's log has no verdict", verdicts.Since == 0);
            await drill.ExpectUnmovedAsync(before, cancel);
        },
    };
}
