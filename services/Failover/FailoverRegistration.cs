using Amazon.EC2;
using Vprox.Bus.Hosting;
using Vprox.Bus.Messaging;
using Vprox.Failover.Adapters;
using Vprox.Failover.Consumers;
using Vprox.Failover.Core.Liveness;
using Vprox.Failover.Workers;

namespace Vprox.Failover;

/// <summary>What Failover is made of.</summary>
public static class FailoverRegistration
{
    /// <summary>Registers the service and its queues.</summary>
    public static void AddFailover(this VproxHostBuilder host)
    {
        host.AddValidatedOptions<FailoverOptions>("Failover");
        host.Services.AddSingleton<Fleet>().AddSingleton<ToldStandings>().AddSingleton<INodeStandings>(provider => provider.GetRequiredService<ToldStandings>());
        host.Services.AddSingleton<IAmazonEC2>(provider => Ec2Sdk.Create(provider.GetRequiredService<FailoverOptions>())).AddSingleton<IEc2, Ec2Client>().AddSingleton<IInstances, InstanceClient>();
        host.Services.AddSingleton<ApiGate>().AddSingleton<Ec2Caller>().AddSingleton<MoveMeter>();
        host.Services.AddSingleton<Announcer>().AddHostedService(provider => provider.GetRequiredService<Announcer>());
        host.Services.AddSingleton<LivenessLoop>().AddHostedService(provider => provider.GetRequiredService<LivenessLoop>());
        host.Services.AddSingleton<ActiveReplica>().AddHostedService(provider => provider.GetRequiredService<ActiveReplica>());
        host.Services.AddHostedService<SnapshotFetch>().AddHostedService<MoveLoop>().AddHostedService<FleetKeeper>();
        host.AddVproxBus(bus => bus
            .Queue(QueueNames.Failover, QueueKind.QuorumSingleActive, queue => queue
                .Consumer<PlacementConsumer>().Consumer<NodeReportConsumer>().Consumer<StandingConsumer>().Consumer<FailoverTurnConsumer>())
            .Heartbeats<NodeHeartbeatConsumer>());
    }
}
