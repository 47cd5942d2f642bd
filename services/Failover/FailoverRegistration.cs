using Vprox.Bus.Hosting;
using Vprox.Bus.Messaging;
using Vprox.Failover.Adapters;
using Vprox.Failover.Consumers;
using Vprox.Failover.Workers;

namespace Vprox.Failover;

/// <summary>What Failover is made of.</summary>
public static class FailoverRegistration
{
    /// <summary>Registers the service and its queues.</summary>
    public static void AddFailover(this VproxHostBuilder host)
    {
        host.AddValidatedOptions<FailoverOptions>("Failover");
        host.Services.AddSingleton<Fleet>().AddSingleton<MovePass>().AddSingleton<IEc2, Ec2Client>();
        host.Services.AddSingleton<LivenessLoop>().AddHostedService(provider => provider.GetRequiredService<LivenessLoop>());
        host.Services.AddSingleton<ActiveReplica>().AddHostedService(provider => provider.GetRequiredService<ActiveReplica>());
        host.Services.AddHostedService<Ec2Reconciler>();
        host.AddVproxBus(bus => bus
            .Queue(QueueNames.Failover, QueueKind.QuorumSingleActive, queue => queue
                .Consumer<PlacementConsumer>().Consumer<FailoverTurnConsumer>())
            .Heartbeats<NodeHeartbeatConsumer>());
    }
}
