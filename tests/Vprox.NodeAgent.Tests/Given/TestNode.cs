using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Vprox.Addressing;
using Vprox.Bus.Messaging;
using Vprox.Contracts;
using Vprox.Identity;
using Vprox.NodeAgent.Adapters.State;
using Vprox.NodeAgent.Core;
using Vprox.NodeAgent.Core.DataPlane;
using Vprox.NodeAgent.Core.Metadata;
using Vprox.NodeAgent.Core.Ports;
using Vprox.NodeAgent.Https;
using Vprox.NodeAgent.Workers;
using Vprox.WireGuard;

namespace Vprox.NodeAgent.Tests.Given;

/// <summary>
/// A node agent with real loops, a real journal and a real HTTPS server on loopback; its bus and kernel are in memory, and metadata is what the test
/// says. Slot n is on 127.0.1.(n+11).
/// </summary>
internal sealed class TestNode : IAsyncDisposable
{

    private readonly WebApplication _app;

    private TestNode(WebApplication app) => _app = app;

    public RecordingDataPlane Kernel => (RecordingDataPlane)_app.Services.GetRequiredService<INodeDataPlane>();

    public RecordingBus Bus => (RecordingBus)_app.Services.GetRequiredService<IBusConnection>();

    public NodeState State => _app.Services.GetRequiredService<NodeState>();

    public PlacementIntake Intake => _app.Services.GetRequiredService<PlacementIntake>();

    public Arrivals Arrivals => _app.Services.GetRequiredService<Arrivals>();

    public ServedAddresses Served => _app.Services.GetRequiredService<ServedAddresses>();

    public Tunnels Tunnels => _app.Services.GetRequiredService<Tunnels>();

    public Signals Signals => _app.Services.GetRequiredService<Signals>();

    public HandshakeTurns HandshakeTurns => _app.Services.GetRequiredService<HandshakeTurns>();

    public SealingKey SealingKey => _app.Services.GetRequiredService<SealingKey>();

    public GrantSigner Signer { get; } = GrantSigner.Generate();

    public int Port { get; private init; }

    public static IPAddress PrivateAddress(int slot) => Ipv4.Parse($"127.0.1.{slot + 11}");

    public static async Task<TestNode> StartAsync(string directory, RecordingDataPlane? kernel = null, Action<NodeAgentOptions>? configure = null, RecordingBus? bus = null, PeerChangeLimits? limits = null)
    {
        var options = new NodeAgentOptions { NodeId = Some.Node, StateDirectory = directory, HttpsPort = 0, SnapshotInterval = TimeSpan.FromMilliseconds(500) };
        configure?.Invoke(options);
        var folder = NodeDirectory.Open(directory, Some.Node);
        bus ??= new RecordingBus();

        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            HttpsServer.Listen(kestrel, 0);
        });
        builder.Services.AddRouting();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton<INodeDataPlane>(kernel ?? new RecordingDataPlane());
        builder.Services.AddSingleton<IFlowTable>(new RecordedFlows());
        builder.Services.AddSingleton<IMessagePublisher>(bus);
        builder.Services.AddSingleton<IMessageRequester>(bus);
        builder.Services.AddSingleton<IBusConnection>(bus);
        builder.Services.AddSingleton(new NodeIdentity(Some.Node, Some.Now));
        builder.Services.AddSingleton(SealingKey.LoadOrCreate(Path.Combine(folder, "sealing.key")));
        builder.Services.AddSingleton(new NodeJournal(folder));
        builder.Services.AddSingleton(new NodeState(Some.Node));
        builder.Services.AddNodeControl(limits);
        builder.Services.AddNodeReports();
        var app = builder.Build();
        app.MapHttpsEndpoints();
        await app.StartAsync();
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        return new TestNode(app) { Port = new Uri(address).Port };
    }

    /// <summary>StaticIpPlaced as the Allocator sends it, sealed to this node.</summary>
    public StaticIpPlaced Placed(int slot, long generation, params PlacedPeer[] peers) => Some.Message(slot, generation, peers: peers) with
    {
        PrivateAddress = PrivateAddress(slot).ToString(),
        SealedIdentity = SealedIdentity.Seal(Some.Identity, SealingKey.PublicKey, Some.PublicAddress(slot), Some.Node),
        GrantKeys = [Signer.Jwk],
    };

    /// <summary>The loop that reads metadata, over a source of the test's; the test starts and stops it.</summary>
    public MetadataLoop Reading(IMetadataSource source) => ActivatorUtilities.CreateInstance<MetadataLoop>(_app.Services, source);

    /// <summary>Shows the addresses of these slots in IMDS.</summary>
    public void Show(params int[] slots)
    {
        State.Take(Metadata(slots));
        Signals.Reconcile.Raise();
    }

    /// <summary>Places an address and lets it arrive.</summary>
    public async Task ServeAsync(int slot)
    {
        Intake.Take(Placed(slot, 1), confirmed: false);
        Show(slot);
        await Eventually.TrueAsync(() => Served.Find(PrivateAddress(slot)) is not null, $"slot {slot} serves");
    }

    public static Grant Grant(int slot, WireGuardKey key, params int[] blocks) => new()
    {
        Address = Some.PublicAddress(slot),
        PeerPublicKey = key,
        WorkspaceId = "workspace-1",
        ProxyId = $"proxy-{slot}",
        InnerAddresses = [.. blocks.Select(block => AddressLayout.AddressOfBlock(Some.Inner(slot), block))],
        PortBlocks = [.. blocks.Select(AddressLayout.PortsOfBlock)],
        IssuedAt = TimeProvider.System.GetUtcNow(),
        ExpiresAt = TimeProvider.System.GetUtcNow().AddHours(24),
    };

    public string Token(int slot, WireGuardKey key, params int[] blocks) => Signer.Sign(Grant(slot, key, blocks));

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        Signer.Dispose();
    }

    public static MetadataSnapshot Metadata(params int[] slots)
    {
        var metadata = Some.Metadata();
        return metadata with
        {
            NetworkInterfaces =
            [
                metadata.NetworkInterfaces[0] with
                {
                    SecondaryAddresses = [.. slots.Select(PrivateAddress)],
                    PublicAddresses = slots.ToDictionary(PrivateAddress, Some.PublicAddress),
                },
            ],
        };
    }
}
