using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Vprox.Bus.Hosting;
using Vprox.Bus.Messaging;
using Vprox.Identity;
using Vprox.Netlink;
using Vprox.NodeAgent;
using Vprox.NodeAgent.Adapters.Imds;
using Vprox.NodeAgent.Adapters.Kernel;
using Vprox.NodeAgent.Adapters.Links;
using Vprox.NodeAgent.Adapters.State;
using Vprox.NodeAgent.Core;
using Vprox.NodeAgent.Core.Metadata;
using Vprox.NodeAgent.Https;
using Vprox.NodeAgent.Workers;

namespace Vprox.Cli.Server;

/// <summary>Puts a server together: a node agent that has no bus, no Allocator, and as a rule no cloud.</summary>
internal static class ServerRegistration
{
    private const int IPPROTO_IP = 0;
    private const int IP_FREEBIND = 15;

    /// <summary>Registers everything, and places the addresses that are known by now.</summary>
    public static void AddServer(this VproxHostBuilder host, ServerOptions options, StateFolder folder)
    {
        var sealingKey = SealingKey.LoadOrCreate(Path.Combine(folder.Path, "sealing.key"));
        var journal = new NodeJournal(folder.Path);
        var placements = new LocalPlacements(options, AddressKeys.LoadOrCreate(folder.Path), sealingKey, journal);
        var placed = placements.Begin();

        var services = host.Services;
        services.AddSingleton(options);
        services.AddSingleton(options.Node);
        services.AddSingleton(sealingKey);
        services.AddSingleton(journal);
        services.AddSingleton(placements);
        services.AddSingleton(new NodeState(options.Node.NodeId!));
        services.AddSingleton(provider => new NodeIdentity(options.Node.NodeId!, provider.GetRequiredService<TimeProvider>().GetUtcNow()));
        services.AddSingleton(_ => RouteNetlink.Open());
        services.AddSingleton<Nobody>().AddSingleton<IMessagePublisher>(nobody => nobody.GetRequiredService<Nobody>())
            .AddSingleton<IBusConnection>(nobody => nobody.GetRequiredService<Nobody>());
        services.AddNodeDataPlane(options.Node);
        services.AddHostSettings(options.Node);
        services.AddNodeControl();
        // The last registration of an interface is the one in force.
        services.AddSingleton<IConnectAuthorizer, PasswordAuthorizer>();
        services.AddSingleton<SilentPeers>().AddHostedService(provider => provider.GetRequiredService<SilentPeers>());
        services.AddHostedService<MetadataLoop>();
        services.AddHostedService<FreezeLoop>();
        services.AddHostedService<KernelWatchLoop>();
        if (options.Cloud)
            services.AddCloud(options);
        else
            services.AddSingleton<IMetadataSource, HostAddresses>().AddHostedService<AddressWatch>();
        services.AddHostedService(provider => new Introduction(placed, placements, provider.GetRequiredService<ILogger<Introduction>>()));
        host.Listen(kestrel =>
        {
            foreach (var address in options.Cloud ? [IPAddress.Any] : options.Addresses)
                HttpsServer.Listen(kestrel, new IPEndPoint(address, options.Node.HttpsPort), answersProbes: false);
        });
        // Each address has its own listener, so that other addresses of the host stay free, and it may come later (ip(7), IP_FREEBIND).
        services.Configure<SocketTransportOptions>(transport => transport.CreateBoundListenSocket = Bind);
    }

    private static void AddCloud(this IServiceCollection services, ServerOptions options)
    {
        services.AddSingleton<ILinkNames, NetlinkLinkNames>();
        services.AddSingleton(provider => new ImdsClient(new Uri(options.Node.MetadataUrl), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<MetadataReader>().AddSingleton<IMetadataSource, CloudAddresses>();
        services.AddHostedService<CloudPlacements>();
    }

    private static Socket Bind(EndPoint endPoint)
    {
        if (endPoint is not IPEndPoint ip)
            return SocketTransportOptions.CreateDefaultBoundListenSocket(endPoint);
        var socket = new Socket(ip.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        socket.SetRawSocketOption(IPPROTO_IP, IP_FREEBIND, BitConverter.GetBytes(1));
        socket.Bind(ip);
        return socket;
    }
}
