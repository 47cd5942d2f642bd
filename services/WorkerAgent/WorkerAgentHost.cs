using Vprox.Bus.Hosting;
using Vprox.Bus.Messaging;
using Vprox.WorkerAgent.Adapters.Journal;
using Vprox.WorkerAgent.Adapters.Kernel;
using Vprox.WorkerAgent.Adapters.Nodes;
using Vprox.Sysctl;
using Vprox.WorkerAgent.Consumers;
using Vprox.WorkerAgent.Core.Host;
using Vprox.WorkerAgent.Workers;

namespace Vprox.WorkerAgent;

/// <summary>What the worker agent is made of.</summary>
public static class WorkerAgentHost
{
    // A burst of starts is one round of the loop, so as many as may come at once are let in.
    private const int ContainersAtOnce = 256;

    /// <summary>Registers the agent and its queues.</summary>
    public static void AddWorkerAgent(this VproxHostBuilder host)
    {
        var worker = host.AddWorkerKernel();
        host.Services.AddSingleton<WorkerInbox>().AddSingleton<WorkerReports>().AddSingleton<LossReports>().AddSingleton<WorkerMeters>().AddSingleton<TunnelWork>().AddSingleton<TunnelHandshake>()
            .AddSingleton<INodeClient, NodeClient>().AddSingleton<IEchoProbe, EchoProbe>();
        host.Services.AddSingleton(provider => new KeptSettings(
            HostSettings.For(worker.Connections, worker.Containers, provider.GetRequiredService<IWorkerKernel>().WireGuardBackend == "userspace")));
        host.Services.AddHostedService<SettingKeeper>();
        // The loop first: what is to be closed is closed before the first event is let in.
        host.Services.AddHostedService<WorkerLoop>();
        host.Services.AddSingleton<Announcer>().AddHostedService(provider => provider.GetRequiredService<Announcer>());
        host.Services.AddSingleton<TunnelProbes>().AddHostedService(provider => provider.GetRequiredService<TunnelProbes>());
        host.Services.AddHostedService<KernelWatch>();
        host.Services.AddSingleton<IFlowTable, LinuxFlowTable>().AddHostedService<PortWatch>();
        if (!QueueNames.IsId(worker.WorkerId))
            return;
        host.AddVproxBus(bus =>
        {
            bus.ReadyWithoutBroker = true;
            bus.DirectQueue<Contracts.ContainerStarted, ContainerStartedConsumer>(
                QueueNames.WorkerContainerStarted(worker.WorkerId), worker.WorkerId, queue => queue.Concurrency = ContainersAtOnce);
            bus.DirectQueue<Contracts.ContainerStopped, ContainerStoppedConsumer>(
                QueueNames.WorkerContainerStopped(worker.WorkerId), worker.WorkerId, queue => queue.Concurrency = ContainersAtOnce);
            bus.Queue(QueueNames.Worker(worker.WorkerId), QueueKind.Expiring, queue => queue.Consumer<IpReassignedConsumer>());
        });
    }

    /// <summary>Registers the kernel and the journal alone, as teardown needs them.</summary>
    public static WorkerAgentOptions AddWorkerKernel(this VproxHostBuilder host)
    {
        var worker = host.AddValidatedOptions<WorkerAgentOptions>("WorkerAgent");
        host.Services.AddSingleton<JournalFile>().AddSingleton<IWorkerKernel, LinuxWorkerKernel>();
        return worker;
    }
}
