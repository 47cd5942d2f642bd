using System.Net;
using Vprox.Addressing;
using Vprox.Lab.Namespaces;
using Vprox.Netlink;
using Vprox.NodeAgent.Adapters.Kernel;
using Vprox.NodeAgent.Core;
using Vprox.NodeAgent.Core.DataPlane;
using Vprox.NodeAgent.Core.DataPlane.Shaping;
using Vprox.WireGuard;

namespace Vprox.Bench.Shaping;

/// <summary>
/// A worker, a node and an internet as namespaces, and on the node the traffic control that NodeAgent makes, with plain packets in the place of tunnels:
/// what is measured is the shaping alone. Links have the tunnels' MTU.
/// </summary>
internal sealed class ShapedNode : IDisposable
{
    public static readonly IPAddress Server = Ipv4.Parse("203.0.113.10");

    private static readonly Ipv4Prefix Subnet = Ipv4Prefix.Parse("10.1.0.0/16");
    private readonly RouteNetlink _route;

    public ShapedNode(int addresses)
    {
        var prefix = NetworkNamespace.RandomPrefix();
        (Worker, Node, Internet) = (NetworkNamespace.Create($"{prefix}-worker"), NetworkNamespace.Create($"{prefix}-node"), NetworkNamespace.Create($"{prefix}-net"));
        Addresses = [.. Enumerable.Range(0, addresses).Select(index => Subnet.AddressAt(64 + index))];
        _route = Node.Run(RouteNetlink.Open);
    }

    public NetworkNamespace Worker { get; }

    public NetworkNamespace Node { get; }

    public NetworkNamespace Internet { get; }

    public IReadOnlyList<IPAddress> Addresses { get; }

    /// <summary>How packets of an address wait here.</summary>
    public LeafKind Leaf { get; private set; }

    /// <summary>Links, addresses and the tree; whatever of it fails, <see cref="Dispose"/> takes all away.</summary>
    public void Build(int ceilingMbps)
    {
        Run(Internet, "ip", $"link add node mtu 1420 type veth peer name ens5 mtu 1420 netns {Node.Name}", "address add 10.1.255.1/24 dev node",
            $"address add {Server}/32 dev lo", "link set node up");
        Run(Worker, "ip", $"link add eth0 mtu 1420 type veth peer name worker mtu 1420 netns {Node.Name}", "address add 10.9.0.2/24 dev eth0", "link set eth0 up",
            "route add default via 10.9.0.1");
        Run(Node, "ip", "address add 10.1.255.10/24 dev ens5", "address add 10.9.0.1/24 dev worker", "link set ens5 up", "link set worker up",
            "route add default via 10.1.255.1", "route add 10.1.0.0/17 via 10.9.0.2");
        Run(Internet, "ip", "route add 10.1.0.0/17 via 10.1.255.10");
        Node.Run(() => File.WriteAllText("/proc/sys/net/ipv4/ip_forward", "1"));
        foreach (var address in Addresses)
            Run(Worker, "ip", $"address add {address}/32 dev lo");
        var classes = string.Join(", ", Addresses.Select((address, index) => $"{address} : {ShapingTree.ClassOf(Port(index))}"));
        Node.Execute("nft", $"table ip bench {{ chain out {{ type filter hook forward priority 0; oifname \"ens5\" meta priority set ip saddr map {{ {classes} }}; }}; }}");
        Shape(ceilingMbps);
    }

    public void Dispose()
    {
        _route.Dispose();
        Worker.Dispose();
        Node.Dispose();
        Internet.Dispose();
    }

    private void Shape(int ceilingMbps)
    {
        Leaf = ShapingSupport.Probe(_route).Leaf ?? throw new BenchmarkException("this kernel cannot shape: it lacks HTB, ifb, u32 or mirred");
        var key = WireGuardPrivateKey.Generate();
        var node = new DesiredNode
        {
            NetworkInterfaces = [new() { LinkName = "ens5", DeviceNumber = 0, Subnet = Subnet, PrimaryAddress = Ipv4.Parse("10.1.255.10") }],
            Addresses =
            [
                .. Addresses.Select((address, index) => new DesiredAddress
                {
                    Address = address,
                    PrivateAddress = address,
                    LinkName = "ens5",
                    ListenPort = Port(index),
                    Zone = (ushort)(1 + index),
                    Inner = Ipv4Prefix.Parse("240.0.0.0/8").Subnet(22, index),
                    PrivateKey = key,
                    Bandwidth = new Bandwidth(null, ceilingMbps),
                    Peers = [],
                }),
            ],
        };
        var desired = DesiredShaping.For(node, new DataPlaneOptions([], Shaping: new ShapingOptions(Leaf: Leaf)));
        var actual = new ShapingReader(_route).Read(_route.Links().ToDictionary(link => link.Index), desired);
        var writer = new KernelWriter(_route, null!, null!);
        var refused = writer.ApplyAsync([.. ShapingPlan.Additions(desired, actual)], () => Task.CompletedTask, CancellationToken.None).GetAwaiter().GetResult();
        if (refused.Count > 0)
            throw new BenchmarkException($"the kernel refused: {refused[0].Reason}");
    }

    private static int Port(int index) => AddressLayout.ListenPorts.First + index;

    private static void Run(NetworkNamespace place, string program, params ReadOnlySpan<string> commands)
    {
        foreach (var command in commands)
            place.Execute(program, command.Split(' '));
    }
}
