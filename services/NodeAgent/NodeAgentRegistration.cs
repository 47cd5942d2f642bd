using Vprox.Bus.Hosting;
using Vprox.Bus.Messaging;
using Vprox.Contracts;
using Vprox.Identity;
using Vprox.Netlink;
using Vprox.NodeAgent.Adapters.Imds;
using Vprox.NodeAgent.Adapters.Kernel;
using Vprox.NodeAgent.Adapters.Links;
using Vprox.NodeAgent.Adapters.State;
using Vprox.NodeAgent.Consumers;
using Vprox.NodeAgent.Core;
using Vprox.NodeAgent.Core.DataPlane;
using Vprox.NodeAgent.Core.Host;
using Vprox.NodeAgent.Core.Metadata;
using Vprox.NodeAgent.Https;
using Vprox.NodeAgent.Workers;
using Vprox.Sysctl;

namespace Vprox.NodeAgent;

/// <summary>Puts the node agent together.</summary>
public static class NodeAgentRegistration
{
    /// <summary>Registers everything. Waits for IMDS when the node has no name yet: its queue bears it.</summary>
    public static async Task AddNodeAgentAsync(this VproxHostBuilder host, NodeAgentOptions options)
    {
        if (host.IsInvalid)
            return;
        using var starting = LoggerFactory.Create(logging => logging.AddSimpleConsole(console => console.SingleLine = true));
        var nodeId = await NodeName.WaitAsync(options, TimeProvider.System, starting.CreateLogger("node-agent"), CancellationToken.None).ConfigureAwait(false);
        var directory = NodeDirectory.Open(options.StateDirectory, nodeId);

        var services = host.Services;
        services.AddSingleton(provider => new NodeIdentity(nodeId, provider.GetRequiredService<TimeProvider>().GetUtcNow()));
        services.AddSingleton(SealingKey.LoadOrCreate(Path.Combine(directory, "sealing.key")));
        services.AddSingleton(new NodeJournal(directory));
        services.AddSingleton(new NodeState(nodeId));
        services.AddSingleton(_ => RouteNetlink.Open());
        services.AddSingleton<ILinkNames, NetlinkLinkNames>();
        services.AddSingleton(provider => new ImdsClient(new Uri(options.MetadataUrl), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IMetadataSource, MetadataReader>();
        services.AddNodeDataPlane(options);
        services.AddHostSettings(options);
        services.AddNodeControl();
        services.AddNodeReports();
        services.AddHostedService<MetadataLoop>();
        services.AddHostedService<FreezeLoop>();
        services.AddHostedService<KernelWatchLoop>();
        services.AddHostedService<InterruptionLoop>();
        host.Listen(kestrel => HttpsServer.Listen(kestrel, options.HttpsPort));
        host.AddVproxBus(bus =>
        {
            bus.ReadyWithoutBroker = true;
            bus.Queue(QueueNames.Node(nodeId), QueueKind.Expiring, queue => queue
                .Consumer<StaticIpPlacedConsumer>()
                .Consumer<StaticIpReleasedConsumer>()
                .Consumer<IpReassignedConsumer>()
                .OrderedBy<StaticIpPlaced>(message => message.Address)
                .OrderedBy<StaticIpReleased>(message => message.Address)
                .OrderedBy<IpReassigned>(message => message.Address));
        });
    }

    /// <summary>Registers what keeps the host's settings; before the loops: what their first round puts into the kernel works at once.</summary>
    public static void AddHostSettings(this IServiceCollection services, NodeAgentOptions options)
    {
        services.AddSingleton(provider => new KeptSettings(
            HostSettings.For(options.Connections, provider.GetRequiredService<INodeDataPlane>().WireGuardBackend == "userspace")));
        services.AddHostedService<SettingKeeper>();
    }

    /// <summary>Registers the loops and the HTTPS server's parts: what needs neither IMDS, nor the node's files, nor a fleet.</summary>
    public static void AddNodeControl(this IServiceCollection services, PeerChangeLimits? limits = null)
    {
        services.AddSingleton<Signals>();
        services.AddSingleton<KernelGate>();
        services.AddSingleton<FreezeWatch>();
        services.AddSingleton<NodeTrouble>();
        services.AddSingleton<NodeMeters>();
        services.AddSingleton<BandwidthMeters>();
        services.AddSingleton<HandshakeLoop>();
        services.AddSingleton<Announcements>();
        services.AddSingleton<Arrivals>();
        services.AddSingleton<EventQueue>();
        services.AddSingleton<NodeDescription>();
        services.AddSingleton<PlacementIntake>();
        services.AddSingleton<Reconciler>();
        services.AddSingleton<PeerEvents>();
        services.AddSingleton<ConnectBatches>();
        services.AddSingleton<Tunnels>();
        services.AddHttpsEndpoints(limits ?? new PeerChangeLimits());
        services.AddHostedService(provider => provider.GetRequiredService<EventQueue>());
        services.AddHostedService<ReconcileLoop>();
        services.AddHostedService(provider => provider.GetRequiredService<HandshakeLoop>());
        services.AddHostedService<PeerWatchLoop>();
        services.AddHostedService<SharedPortWatch>();
    }

    /// <summary>Registers what makes the node one of a fleet: it joins, is known to the Allocator, and says that it lives.</summary>
    public static void AddNodeReports(this IServiceCollection services)
    {
        services.AddSingleton<KnownToAllocator>();
        services.AddHealthChecks().AddCheck<KnownToAllocator>("allocator");
        services.AddHostedService<SnapshotLoop>();
        services.AddHostedService<HeartbeatLoop>();
    }
}
