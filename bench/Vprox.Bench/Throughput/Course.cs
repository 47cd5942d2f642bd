using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using Vprox.Addressing;
using Vprox.Lab.Namespaces;
using Vprox.NodeAgent;
using Vprox.NodeAgent.Adapters.Kernel;
using Vprox.NodeAgent.Core;
using Vprox.NodeAgent.Core.DataPlane;
using Vprox.WireGuard;
using Vprox.WorkerAgent;
using Vprox.WorkerAgent.Adapters.Kernel;
using Vprox.WorkerAgent.Core;

namespace Vprox.Bench.Throughput;

/// <summary>
/// Two containers with the same way, but for what carries them from the worker to the node:
/// <code>
/// vprox 10.88.0.2 ┐                                        ┌ vp… and its rules ┐
///                 ├ br0 worker 198.51.100.2 ── router ── node                  ├ router ── 203.0.113.10 server
/// bare  10.88.0.3 ┘                                        └ bare WireGuard    ┘
/// </code>
/// The node has an ENI for each: on Vprox's, what is for none of its addresses is dropped.
/// </summary>
internal sealed class Course : IAsyncDisposable
{
    private const int NodePort = 50000;
    private const int BarePort = 45000;
    private const string Server = "203.0.113.10";
    private const string VproxAddress = "10.88.0.2";
    private const string BareAddress = "10.88.0.3";

    private static readonly IPAddress PrivateAddress = Ipv4.Parse("10.0.1.64");
    private static readonly Ipv4Prefix Inner = Ipv4Prefix.Parse("240.0.0.0/22");

    // wireguard-go's sockets are one folder per machine.
    private readonly string _suffix = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4));
    private readonly string _prefix = NetworkNamespace.RandomPrefix();
    private readonly DirectoryInfo _state = Directory.CreateTempSubdirectory("vprox-bench-");
    private readonly WireGuardPrivateKey _nodeKey = WireGuardPrivateKey.Generate(), _workerKey = WireGuardPrivateKey.Generate();
    private readonly NetworkNamespace _worker, _node, _internet;
    private readonly NodeDataPlane _nodePlane;
    private readonly LinuxWorkerKernel _workerKernel;
    private readonly IWireGuardClient _nodeWireGuard, _workerWireGuard;
    private Process? _server;

    private Course()
    {
        _worker = NetworkNamespace.Create($"{_prefix}-worker");
        _node = NetworkNamespace.Create($"{_prefix}-node");
        _internet = NetworkNamespace.Create($"{_prefix}-net");
        ThroughVprox = NetworkNamespace.Create($"{_prefix}-c1");
        ThroughBareWireGuard = NetworkNamespace.Create($"{_prefix}-c2");
        _nodePlane = _node.Run(() => NodeDataPlane.Open(new DataPlaneOptions([.. NodeAgentOptions.DefaultDeniedDestinations.Select(Ipv4Prefix.Parse)]), WireGuardBackend.Auto));
        _workerKernel = _worker.Run(() => new LinuxWorkerKernel(new WorkerAgentOptions { StateDirectory = _state.FullName }));
        _nodeWireGuard = _node.Run(() => WireGuardClient.Open(WireGuardBackend.Auto));
        _workerWireGuard = _worker.Run(() => WireGuardClient.Open(WireGuardBackend.Auto));
    }

    public string Backend => _nodePlane.WireGuardBackend;

    public NetworkNamespace ThroughVprox { get; }

    public NetworkNamespace ThroughBareWireGuard { get; }

    public IReadOnlyList<NetworkNamespace> Containers => [ThroughVprox, ThroughBareWireGuard];

    public static async Task<Course> BuildAsync(CancellationToken cancel)
    {
        var course = new Course();
        try
        {
            course.Wire();
            await course.BareAsync(cancel);
            await course.VproxAsync(cancel);
            course.Serve();
            return course;
        }
        catch
        {
            await course.DisposeAsync();
            throw;
        }
    }

    /// <summary>One TCP connection for so long; megabits per second that arrived.</summary>
    /// <exception cref="BenchmarkException">iperf3 could not.</exception>
    public static async Task<double> MeasureAsync(NetworkNamespace container, bool download, TimeSpan span, CancellationToken cancel)
    {
        var start = new ProcessStartInfo("iperf3") { RedirectStandardOutput = true };
        foreach (var word in (string[])["-c", Server, "-t", $"{span.TotalSeconds:0}", "-O", "1", "-J", "--connect-timeout", "10000"])
            start.ArgumentList.Add(word);
        if (download)
            start.ArgumentList.Add("-R");
        using var iperf = container.Start(start);
        var said = await iperf.StandardOutput.ReadToEndAsync(cancel);
        await iperf.WaitForExitAsync(cancel);
        using var json = JsonDocument.Parse(said);
        return json.RootElement.TryGetProperty("error", out var error)
            ? throw new BenchmarkException($"iperf3: {error.GetString()}")
            : json.RootElement.GetProperty("end").GetProperty("sum_received").GetProperty("bits_per_second").GetDouble() / 1e6;
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is { HasExited: false })
            _server.Kill();
        _server?.Dispose();
        // Through the clients, which take wireguard-go's sockets away with the links.
        await _nodePlane.TeardownAsync(CancellationToken.None);
        await _workerWireGuard.DeleteAsync(TunnelNames.Interface(Slot), CancellationToken.None);
        await _workerWireGuard.DeleteAsync(Bare("w"), CancellationToken.None);
        await _nodeWireGuard.DeleteAsync(Bare("n"), CancellationToken.None);
        foreach (var client in (IDisposable[])[_nodePlane, _workerKernel, _nodeWireGuard, _workerWireGuard])
            client.Dispose();
        foreach (var place in (NetworkNamespace[])[.. Containers, _worker, _node, _internet])
            place.Dispose();
        _state.Delete(recursive: true);
    }

    // An agent's own name for the interface; the number is this run's, as the port is.
    private int Slot { get; } = RandomNumberGenerator.GetInt32(1000, TunnelNames.SlotCount);

    private int Port { get; } = NodePort + RandomNumberGenerator.GetInt32(10_000);

    private string Bare(string side) => $"b{side}{_suffix}";

    private void Wire()
    {
        Ip(_internet, $"link add worker type veth peer name eth0 netns {_worker.Name}", $"link add node type veth peer name ens5 netns {_node.Name}",
            $"link add node2 type veth peer name ens6 netns {_node.Name}", "address add 198.51.100.1/24 dev worker", "address add 10.0.1.1/24 dev node",
            "address add 10.0.2.1/24 dev node2", $"address add {Server}/32 dev lo", "link set worker up", "link set node up", "link set node2 up");
        Ip(_worker, "address add 198.51.100.2/24 dev eth0", "link set eth0 up", "route add default via 198.51.100.1",
            "link add br0 type bridge", "address add 10.88.0.1/16 dev br0", "link set br0 up");
        Ip(_node, "address add 10.0.1.10/24 dev ens5", "address add 10.0.2.10/24 dev ens6", "link set ens5 up", "link set ens6 up",
            "route add default via 10.0.1.1", "route add default via 10.0.2.1 table 200", "rule add from 10.0.2.10 lookup 200", $"rule add from {BareAddress} lookup 200");
        foreach (var (container, address) in Containers.Zip((string[])[VproxAddress, BareAddress]))
        {
            var link = $"c{address[^1]}";
            Ip(_worker, $"link add {link} type veth peer name eth0 netns {container.Name}", $"link set {link} master br0 up");
            Ip(container, $"address add {address}/16 dev eth0", "link set eth0 up", "route add default via 10.88.0.1");
        }
        foreach (var router in (NetworkNamespace[])[_internet, _worker, _node])
            router.Run(() => File.WriteAllText("/proc/sys/net/ipv4/ip_forward", "1"));
    }

    private async Task BareAsync(CancellationToken cancel)
    {
        WireGuardPrivateKey worker = WireGuardPrivateKey.Generate(), node = WireGuardPrivateKey.Generate();
        await _nodeWireGuard.CreateAsync(Bare("n"), cancel);
        await _nodeWireGuard.ConfigureAsync(Bare("n"), new DeviceConfig
        {
            PrivateKey = node,
            ListenPort = BarePort,
            Peers = [new PeerConfig { PublicKey = worker.PublicKey(), AllowedIps = [Ipv4Prefix.Parse($"{BareAddress}/32")] }],
        }, cancel);
        await _workerWireGuard.CreateAsync(Bare("w"), cancel);
        await _workerWireGuard.ConfigureAsync(Bare("w"), new DeviceConfig
        {
            PrivateKey = worker,
            Peers = [new PeerConfig { PublicKey = node.PublicKey(), Endpoint = IPEndPoint.Parse($"10.0.2.10:{BarePort}"), AllowedIps = [Ipv4Prefix.Parse("0.0.0.0/0")] }],
        }, cancel);
        Ip(_node, $"link set {Bare("n")} mtu {DesiredKernel.TunnelMtu} up", $"route add {BareAddress}/32 dev {Bare("n")}");
        Ip(_worker, $"link set {Bare("w")} mtu {DesiredKernel.TunnelMtu} up", $"route add default dev {Bare("w")} table 200", $"rule add from {BareAddress} lookup 200");
        // The container's own MTU stands for a clamp.
        Ip(ThroughBareWireGuard, $"link set eth0 mtu {DesiredKernel.TunnelMtu}");
        Ip(_internet, $"route add {BareAddress}/32 via 10.0.2.10");
    }

    private async Task VproxAsync(CancellationToken cancel)
    {
        var blocks = Enumerable.Range(0, 2).Select(block => new InnerBlock(AddressLayout.AddressOfBlock(Inner, block), AddressLayout.PortsOfBlock(block))).ToList();
        IReadOnlyList<IPAddress> inner = [.. blocks.Select(block => block.Address)];
        var node = new DesiredNode
        {
            NetworkInterfaces = [new() { LinkName = "ens5", DeviceNumber = 0, Subnet = Ipv4Prefix.Parse("10.0.1.0/24"), PrimaryAddress = Ipv4.Parse("10.0.1.10") }],
            Addresses =
            [
                new()
                {
                    Address = Ipv4.Parse("192.0.2.10"),
                    PrivateAddress = PrivateAddress,
                    LinkName = "ens5",
                    Zone = 1,
                    ListenPort = Port,
                    Inner = Inner,
                    PrivateKey = _nodeKey,
                    Peers = [new() { PublicKey = _workerKey.PublicKey(), InnerAddresses = inner }],
                },
            ],
        };
        await _node.RunAsync(() => _nodePlane.ApplyAsync(node, () => Task.CompletedTask, cancel));
        var worker = new DesiredWorker
        {
            Guard = new Guard { ShortTimeWait = _workerKernel.HasConntrackTimeouts },
            Containers = [new() { Ip = Ipv4.Parse(VproxAddress), Link = "br0", Tunnel = Slot }],
            Tunnels =
            [
                new()
                {
                    Slot = Slot,
                    PrivateKey = _workerKey,
                    ServerPublicKey = _nodeKey.PublicKey(),
                    Endpoint = new IPEndPoint(PrivateAddress, Port),
                    InnerAddresses = inner,
                    Blocks = blocks,
                    Gateway = AddressLayout.ServerAddress(Inner),
                    Mtu = DesiredKernel.TunnelMtu,
                },
            ],
        };
        await _worker.RunAsync(async () => await _workerKernel.ApplyAsync(WorkerPlanner.Plan(worker, await _workerKernel.ReadAsync(everything: true, cancel)), cancel));
    }

    private void Serve()
    {
        var start = new ProcessStartInfo("iperf3") { RedirectStandardOutput = true };
        foreach (var word in (string[])["-s", "-B", Server, "--forceflush"])
            start.ArgumentList.Add(word);
        _server = _internet.Start(start);
        while (_server.StandardOutput.ReadLine() is { } line && !line.StartsWith("Server listening", StringComparison.Ordinal))
        {
        }
        // What it says of each run is nobody's; unread, it would stop it.
        _ = _server.StandardOutput.ReadToEndAsync();
    }

    private static void Ip(NetworkNamespace place, params string[] commands)
    {
        foreach (var command in commands)
            place.Execute("ip", command.Split(' '));
    }
}
