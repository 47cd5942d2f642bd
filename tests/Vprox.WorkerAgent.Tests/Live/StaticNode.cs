using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Vprox.Addressing;
using Vprox.Contracts;
using Vprox.Identity;
using Vprox.Lab.Namespaces;
using Vprox.WireGuard;

namespace Vprox.WorkerAgent.Tests.Live;

/// <summary>The other end, made by hand: a WireGuard interface, an HTTPS server with a pinned key, and SNAT that keeps ports.</summary>
public sealed class StaticNode : IAsyncDisposable
{
    private const int Port = 49152;
    private static readonly Ipv4Prefix Inner = Ipv4Prefix.Parse("240.0.0.0/22");

    private readonly string _interface = "n" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(5));
    private readonly WireGuardPrivateKey _key = WireGuardPrivateKey.Generate();
    private readonly X509Certificate2 _certificate = SelfSigned();
    private readonly ConcurrentDictionary<string, int> _peers = new();
    private volatile List<int> _blocks = [0, 1];
    private readonly NetworkNamespace _namespace;
    private readonly IWireGuardClient _wireGuard;
    private WebApplication? _https;
    private Socket? _listener;

    private StaticNode(NetworkNamespace where)
    {
        _namespace = where;
        _wireGuard = where.Run(() => WireGuardClient.Open(WireGuard.WireGuardBackend.Auto));
    }

    /// <summary>What makes its tunnels and the worker's: kernel or userspace.</summary>
    public string WireGuardBackend => _wireGuard.Backend;

    /// <summary>What /connect answers instead, when set.</summary>
    public Func<HttpContext, IResult?>? Instead { get; set; }

    /// <summary>Connects that were answered with 200.</summary>
    public int Connects { get; private set; }

    /// <summary>Blocks that there are; a worker is given as many as it asks for.</summary>
    public int MostBlocks { get; set; } = AddressLayout.BlockCount;

    /// <summary>Blocks of its only tunnel.</summary>
    public IReadOnlyList<int> Blocks => _blocks;

    /// <summary>Peers now.</summary>
    public int Peers => _peers.Count;

    /// <summary>What the Allocator would grant.</summary>
    public GrantIssued GrantFor(RequestGrant request)
    {
        var kept = _blocks.Where(block => !request.ReturnedInnerAddresses.Contains(AddressOf(block))).ToList();
        var wanted = Math.Min(request.Blocks ?? 0, MostBlocks);
        _blocks = [.. kept, .. Enumerable.Range(0, AddressLayout.BlockCount).Except(kept).Take(Math.Max(0, wanted - kept.Count))];
        return Granted(request);
    }

    private GrantIssued Granted(RequestGrant request) => new()
    {
        Token = "grant-for-" + request.WorkerId,
        Address = WorkerNetwork.StaticAddress.ToString(),
        WorkspaceId = "ws1",
        ServerPublicKey = _key.PublicKey().ToString(),
        ListenPort = Port,
        TlsPin = TlsPin.Of(_certificate).ToString(),
        InnerSubnet = Inner.ToString(),
        InnerAddresses = [.. _blocks.Select(AddressOf)],
        PortBlocks = [.. _blocks.Select(PortsOf)],
        ExpiresAt = TimeProvider.System.GetUtcNow().AddHours(24),
    };

    public static async Task<StaticNode> StartAsync(NetworkNamespace where)
    {
        var node = new StaticNode(where);
        await node.RaiseAsync();
        WorkerNetwork.Shell(where, "sysctl -qw net.ipv4.ip_forward=1");
        WorkerNetwork.Nft(where, $"table ip node {{ chain nat {{ type nat hook postrouting priority srcnat; oifname \"up0\" ip saddr {Inner} snat to {WorkerNetwork.StaticAddress}; }}; }}");
        await node.ServeAsync();
        return node;
    }

    /// <summary>Takes the interface away, with its sessions, as a node that dies.</summary>
    public Task FallAsync() => _wireGuard.DeleteAsync(_interface, CancellationToken.None);

    /// <summary>The peers as its next node is told of them.</summary>
    public async Task<IReadOnlyList<Peer>> SeenPeersAsync() => (await _wireGuard.GetAsync(_interface, CancellationToken.None))!.Peers;

    /// <summary>Makes the interface as the next node that was told of the peers, and starts the handshakes.</summary>
    public async Task RaiseAsync(IReadOnlyList<Peer> peers)
    {
        await RaiseAsync();
        await _wireGuard.ConfigureAsync(_interface, new DeviceConfig
        {
            Peers = [.. peers.Select(peer => new PeerConfig
            {
                PublicKey = peer.PublicKey,
                Endpoint = peer.Endpoint,
                AllowedIps = peer.AllowedIps,
                PersistentKeepalive = TimeSpan.FromSeconds(25),
            })],
        }, CancellationToken.None);
    }

    /// <summary>Makes the interface, without peers, as the next node.</summary>
    public async Task RaiseAsync()
    {
        _peers.Clear();
        await _wireGuard.CreateAsync(_interface, CancellationToken.None);
        await _wireGuard.ConfigureAsync(_interface, new DeviceConfig { PrivateKey = _key, ListenPort = Port }, CancellationToken.None);
        WorkerNetwork.Ip(_namespace, $"address add {AddressLayout.ServerAddress(Inner)}/22 dev {_interface}");
        WorkerNetwork.Ip(_namespace, $"link set {_interface} mtu 1420 up");
    }

    public async ValueTask DisposeAsync()
    {
        if (_https is not null)
            await _https.DisposeAsync();
        _listener?.Dispose();
        await _wireGuard.DeleteAsync(_interface, CancellationToken.None);
        _wireGuard.Dispose();
        _certificate.Dispose();
    }

    private async Task ServeAsync()
    {
        // The socket stays in the namespace it was made in, whichever thread accepts.
        _listener = _namespace.Run(() =>
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(WorkerNetwork.StaticAddress, 443));
            socket.Listen();
            return socket;
        });
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenHandle((ulong)_listener.Handle, listen => listen.UseHttps(_certificate)));
        builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.PropertyNamingPolicy = null);
        _https = builder.Build();
        _https.MapPost("/connect", (Delegate)ConnectAsync);
        _https.MapPost("/disconnect", (Delegate)DisconnectAsync);
        await _https.StartAsync();
    }

    private async Task<IResult> ConnectAsync(HttpContext context)
    {
        if (Instead?.Invoke(context) is { } instead)
            return instead;
        var peer = await PeerAsync(context);
        _peers.TryAdd(peer, 0);
        await ChangeAsync(new PeerConfig
        {
            PublicKey = WireGuardKey.Parse(peer),
            ReplaceAllowedIps = true,
            AllowedIps = [.. _blocks.Select(block => Ipv4Prefix.Host(AddressLayout.AddressOfBlock(Inner, block)))],
        });
        Connects++;
        return Results.Json(new
        {
            AssignedAddr = $"{AddressOf(_blocks[0])}/22",
            ServerPublicKey = _key.PublicKey().ToString(),
            ServerListenPort = Port,
            InnerAddresses = _blocks.Select(AddressOf),
            PortBlocks = _blocks.Select(PortsOf),
            Gateway = "240.0.0.1",
            Mtu = 1420,
        });
    }

    private async Task<IResult> DisconnectAsync(HttpContext context)
    {
        var peer = await PeerAsync(context);
        _peers.TryRemove(peer, out _);
        await ChangeAsync(new PeerConfig { PublicKey = WireGuardKey.Parse(peer), Remove = true });
        return Results.Ok();
    }

    private static string AddressOf(int block) => AddressLayout.AddressOfBlock(Inner, block).ToString();

    private static string PortsOf(int block) => AddressLayout.PortsOfBlock(block).ToString();

    private Task ChangeAsync(PeerConfig peer) => _wireGuard.ConfigureAsync(_interface, new DeviceConfig { Peers = [peer] }, CancellationToken.None);

    private static async Task<string> PeerAsync(HttpContext context)
    {
        using var body = await JsonDocument.ParseAsync(context.Request.Body);
        return body.RootElement.GetProperty("PeerPublicKey").GetString()!;
    }

    private static X509Certificate2 SelfSigned()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var made = new CertificateRequest("CN=vprox", key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(1));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }
}
