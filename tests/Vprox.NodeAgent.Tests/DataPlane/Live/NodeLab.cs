using System.Net;
using System.Security.Cryptography;
using Vprox.Addressing;
using Vprox.Lab.Namespaces;
using Vprox.Netlink;
using Vprox.NodeAgent.Adapters.Kernel;
using Vprox.NodeAgent.Core;
using Vprox.NodeAgent.Core.DataPlane;
using Vprox.NodeAgent.Core.DataPlane.Shaping;
using Vprox.WireGuard;

namespace Vprox.NodeAgent.Tests.DataPlane.Live;

/// <summary>
/// A node, a worker and an internet between them, each a network namespace. The internet is also the VPC's router, 10.0.1.1, and has a server
/// at 203.0.113.10. It does not translate: private addresses are seen there as they are.
/// </summary>
public sealed class NodeLab : IDisposable
{
    public static readonly IPAddress Server = Ipv4.Parse("203.0.113.10");
    public static readonly IPAddress Worker = Ipv4.Parse("198.51.100.2");
    public const int WorkerPort = 51000;
    public static readonly IPAddress Primary = Ipv4.Parse("10.0.1.10");

    /// <summary>Ranges that are not the internet, for the lab's addresses are from documentation networks.</summary>
    public static readonly DataPlaneOptions Options =
        new([.. NodeAgentOptions.DefaultDeniedDestinations.Select(Ipv4Prefix.Parse)], Shaping: new ShapingOptions());

    // wireguard-go's sockets are one folder per machine: names must be this test's own.
    private readonly int _basePort = RandomNumberGenerator.GetInt32(49152, 65000);
    private readonly string _workerLink = $"vw{RandomNumberGenerator.GetInt32(10_000, 9_999_999)}";
    private readonly IWireGuardClient _workerWireGuard;
    private readonly WireGuardPrivateKey _workerKey = WireGuardPrivateKey.Generate();

    public NodeLab()
    {
        var prefix = NetworkNamespace.RandomPrefix();
        Node = NetworkNamespace.Create($"{prefix}-node");
        Internet = NetworkNamespace.Create($"{prefix}-net");
        WorkerHost = NetworkNamespace.Create($"{prefix}-worker");
        Ip(Internet, $"link add node type veth peer name ens5 netns {Node.Name}");
        Ip(Internet, $"link add node2 type veth peer name ens6 netns {Node.Name}");
        Ip(Internet, $"link add worker type veth peer name eth0 netns {WorkerHost.Name}");
        Ip(Internet, "address add 10.0.1.1/24 dev node", "address add 10.0.2.1/24 dev node2", "address add 198.51.100.1/24 dev worker",
            $"address add {Server}/32 dev lo", "link set node up", "link set node2 up", "link set worker up");
        Ip(Node, $"address add {Primary}/24 dev ens5", "address add 10.0.2.10/24 dev ens6", "link set ens5 up", "link set ens6 up",
            "route add default via 10.0.1.1");
        Ip(WorkerHost, $"address add {Worker}/24 dev eth0", "link set eth0 up", "route add default via 198.51.100.1");
        Internet.Run(() => File.WriteAllText("/proc/sys/net/ipv4/ip_forward", "1"));
        DataPlane = Node.Run(() => NodeDataPlane.Open(Options, WireGuardBackend.Auto));
        _workerWireGuard = WorkerHost.Run(() => WireGuardClient.Open(WireGuardBackend.Auto));
    }

    public NetworkNamespace Node { get; }

    public NetworkNamespace Internet { get; }

    public NetworkNamespace WorkerHost { get; }

    public NodeDataPlane DataPlane { get; }

    public WireGuardKey WorkerKey => _workerKey.PublicKey();

    public IReadOnlyList<DesiredNetworkInterface> NetworkInterfaces { get; } =
    [
        new() { LinkName = "ens5", DeviceNumber = 0, Subnet = Ipv4Prefix.Parse("10.0.1.0/24"), PrimaryAddress = Primary },
        new() { LinkName = "ens6", DeviceNumber = 1, Subnet = Ipv4Prefix.Parse("10.0.2.0/24"), PrimaryAddress = Ipv4.Parse("10.0.2.10") },
    ];

    /// <summary>A static address, the index-th: 10.0.1.64 and on, on ens5.</summary>
    public DesiredAddress Address(int index, params DesiredPeer[] peers) => new()
    {
        Address = Ipv4.Parse($"192.0.2.{1 + index}"),
        PrivateAddress = Ipv4.Parse($"10.0.1.{64 + index}"),
        LinkName = "ens5",
        ListenPort = _basePort + index,
        Zone = (ushort)(1 + index),
        Inner = Ipv4Prefix.Parse("240.0.0.0/8").Subnet(22, index),
        PrivateKey = Keys[index],
        Peers = peers,
    };

    public DesiredNode Desired(params DesiredAddress[] addresses) => new() { NetworkInterfaces = NetworkInterfaces, Addresses = addresses };

    /// <summary>The worker as a peer, with these inner addresses.</summary>
    public DesiredPeer WorkerPeer(params string[] inner) => new() { PublicKey = WorkerKey, InnerAddresses = [.. inner.Select(Ipv4.Parse)] };

    /// <summary>Between the steps of a round nobody waits.</summary>
    public static Task AtOnce() => Task.CompletedTask;

    /// <summary>A round that the kernel takes whole.</summary>
    public async Task<IReadOnlyList<string>> ApplyAsync(params DesiredAddress[] addresses)
    {
        var done = await RoundAsync(addresses);
        Assert.Empty(done.Refusals.Sentences);
        return done.Steps;
    }

    /// <summary>A round, with what of it were repairs.</summary>
    public Task<KernelRound> RoundAsync(params DesiredAddress[] addresses) =>
        Node.RunAsync(() => DataPlane.ApplyAsync(Desired(addresses), AtOnce, CancellationToken.None));

    /// <summary>The worker's end of a tunnel to an address: its inner addresses, and a rule that sends what they send through it.</summary>
    public Task ConnectWorkerAsync(DesiredAddress address, params string[] inner) =>
        ConnectWorkerAsync(address, new IPEndPoint(address.PrivateAddress, address.ListenPort), inner);

    /// <summary>The same, with an endpoint of choice; with none, the node has to begin.</summary>
    public async Task ConnectWorkerAsync(DesiredAddress address, IPEndPoint? endpoint, params string[] inner)
    {
        await _workerWireGuard.CreateAsync(_workerLink, CancellationToken.None);
        await _workerWireGuard.ConfigureAsync(_workerLink, new DeviceConfig
        {
            PrivateKey = _workerKey,
            ListenPort = WorkerPort,
            Peers =
            [
                new PeerConfig
                {
                    PublicKey = address.PrivateKey.PublicKey(),
                    Endpoint = endpoint,
                    AllowedIps = [Ipv4Prefix.Parse("0.0.0.0/0")],
                },
            ],
        }, CancellationToken.None);
        Ip(WorkerHost, [.. inner.Select(item => $"address add {item}/32 dev {_workerLink}")]);
        Ip(WorkerHost, $"link set {_workerLink} up mtu 1420", $"route add default dev {_workerLink} table 100", "rule add from 240.0.0.0/8 lookup 100");
    }

    /// <summary>The worker's interface goes to another address.</summary>
    public Task MoveWorkerAsync(DesiredAddress address) => _workerWireGuard.ConfigureAsync(_workerLink, new DeviceConfig
    {
        ReplacePeers = true,
        Peers =
        [
            new PeerConfig
            {
                PublicKey = address.PrivateKey.PublicKey(),
                Endpoint = new IPEndPoint(address.PrivateAddress, address.ListenPort),
                AllowedIps = [Ipv4Prefix.Parse("0.0.0.0/0")],
            },
        ],
    }, CancellationToken.None);

    /// <summary>The node as the worker's WireGuard sees it.</summary>
    public async Task<Peer> SeenByWorkerAsync() => (await _workerWireGuard.GetAsync(_workerLink, CancellationToken.None))!.Peers.Single();

    /// <summary>Runs ip commands in a namespace.</summary>
    public static void Ip(NetworkNamespace place, params string[] commands)
    {
        foreach (var command in commands)
            place.Execute("ip", command.Split(' '));
    }

    /// <summary>Packets that a counter of the node's table has seen.</summary>
    public long Dropped(string counter) => long.Parse(
        Node.Execute("nft", "list", "counter", "inet", "vprox", counter).Split("packets ")[1].Split(' ')[0],
        System.Globalization.CultureInfo.InvariantCulture);

    public void Dispose()
    {
        // Through the clients, which take wireguard-go's socket away with the link.
        DataPlane.TeardownAsync(CancellationToken.None).GetAwaiter().GetResult();
        _workerWireGuard.DeleteAsync(_workerLink, CancellationToken.None).GetAwaiter().GetResult();
        DataPlane.Dispose();
        _workerWireGuard.Dispose();
        Node.Dispose();
        WorkerHost.Dispose();
        Internet.Dispose();
    }

    private List<WireGuardPrivateKey> Keys { get; } = [.. Enumerable.Range(0, 8).Select(_ => WireGuardPrivateKey.Generate())];
}
