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
        var options = host.AddValidatedOptions<FailoverOptions>("Failover");
        host.Services.AddSingleton<Fleet>();
        host.Services.AddSingleton<IAmazonEC2>(provider => Ec2Sdk.Create(provider.GetRequiredService<FailoverOptions>()));
        host.Services.AddSingleton<IEc2, Ec2Client>().AddSingleton<IInstances, InstanceClient>();
        host.Services.AddSingleton<ApiGate>().AddSingleton<Ec2Caller>().AddSingleton<MoveMeter>();
        host.Services.AddSingleton<Announcer>().AddHostedService(provider => provider.GetRequiredService<Announcer>());
        AddDetection(host.Services, options);
        host.Services.AddSingleton<ActiveReplica>().AddHostedService(provider => provider.GetRequiredService<ActiveReplica>());
        host.Services.AddHostedService<SnapshotFetch>().AddHostedService<MoveLoop>().AddHostedService<FleetKeeper>();
        host.AddVproxBus(bus => bus
            .Queue(QueueNames.Failover, QueueKind.QuorumSingleActive, queue => Widened(queue)
                .Consumer<PlacementConsumer>().Consumer<NodeReportConsumer>().Consumer<FailoverTurnConsumer>()
                .Consumer<TunnelConsumer>().Consumer<OperatorConsumer>())
            .Heartbeats<NodeHeartbeatConsumer>());
    }

    private static void AddDetection(IServiceCollection services, FailoverOptions options)
    {
        services.AddSingleton<NodeWatch>().AddSingleton<INodeStandings>(provider => provider.GetRequiredService<NodeWatch>());
        services.AddSingleton<DetectionMeter>().AddSingleton<NodeProbe>();
        services.AddHostedService<LivenessLoop>().AddHostedService<VerdictAnnouncer>();
        services.AddHostedService<ProbeLoop>().AddHostedService<InstanceSweepLoop>();
        if (options.SqsQueueUrl is not null) services.AddSingleton<Ec2EventQueue>().AddHostedService<Ec2EventLoop>();
    }

    // A release holds its place until EC2 has followed; the placements of a whole node come behind it.
    private static QueueBuilder Widened(QueueBuilder queue)
    {
        queue.Concurrency = 64;
        return queue;
    }
}
