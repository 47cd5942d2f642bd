using System.Net;
using System.Security.Cryptography;
using Vprox.Addressing;
using Vprox.Netlink;
using Vprox.NodeAgent.Adapters.Kernel;
using Vprox.NodeAgent.Core;
using Vprox.NodeAgent.Core.DataPlane;
using Vprox.NodeAgent.Core.DataPlane.Counting;
using Vprox.NodeAgent.Core.DataPlane.Shaping;
using Vprox.NodeAgent.Tests.Given;
using Vprox.WireGuard;

namespace Vprox.NodeAgent.Tests.DataPlane.Live;

/// <summary>The node's lab with a link of known rate, and any number of tunnels.</summary>
public sealed class ShapingLab : IDisposable
{
    private readonly IWireGuardClient _wireGuard;
    private readonly List<string> _tunnels = [];

    public ShapingLab(int? linkMbps = null)
    {
        DataPlane = Lab.Node.Run(() => NodeDataPlane.Open(NodeLab.Options with { Shaping = new ShapingOptions(linkMbps) }, WireGuardBackend.Auto));
        _wireGuard = Lab.WorkerHost.Run(() => WireGuardClient.Open(WireGuardBackend.Auto));
    }

    public NodeLab Lab { get; } = new();

    public NodeDataPlane DataPlane { get; }

    /// <summary>An address with a tunnel of its own for each of these lists of blocks; call it once for each address.</summary>
    public Task<DesiredAddress> ConnectAsync(int index, Bandwidth bandwidth, params int[][] tunnels) =>
        ConnectAsync(index, bandwidth, tunnels.Select(blocks => blocks.Select(block => AddressLayout.AddressOfBlock(Lab.Address(index).Inner, block)).ToList()));

    /// <summary>An address with so many tunnels that have no block.</summary>
    public Task<DesiredAddress> ConnectSharingAsync(int index, int tunnels) =>
        ConnectAsync(index, Bandwidth.Any, AddressLayout.SharedAddresses(Lab.Address(index).Inner).Take(tunnels).Select(inner => new List<IPAddress> { inner }));

    private async Task<DesiredAddress> ConnectAsync(int index, Bandwidth bandwidth, IEnumerable<List<IPAddress>> tunnels)
    {
        var address = Lab.Address(index) with { Bandwidth = bandwidth };
        var peers = new List<DesiredPeer>();
        foreach (var inner in tunnels)
        {
            var key = WireGuardPrivateKey.Generate();
            peers.Add(new DesiredPeer { PublicKey = key.PublicKey(), InnerAddresses = inner });
            await AddTunnelAsync(address, key, inner);
        }
        return address with { Peers = peers };
    }

    public Task<KernelRound> ApplyAsync(params DesiredAddress[] addresses) =>
        Lab.Node.RunAsync(() => DataPlane.ApplyAsync(Lab.Desired(addresses), NodeLab.AtOnce, CancellationToken.None));

    /// <summary>What an address has sent or received.</summary>
    public AddressTraffic Counted(DesiredAddress address, bool outgoing) =>
        DataPlane.CountTraffic().Addresses.Single(traffic => traffic.ListenPort == address.ListenPort && traffic.Outgoing == outgoing);

    /// <summary>A stream of datagrams through a tunnel to the internet's server.</summary>
    public DatagramStream Upload(DesiredAddress address, int block, int port = 9) => new(
        (Lab.WorkerHost, new IPEndPoint(AddressLayout.AddressOfBlock(address.Inner, block), AddressLayout.PortsOfBlock(block).First + port)),
        (Lab.Internet, new IPEndPoint(NodeLab.Server, 0)));

    /// <summary>A stream of datagrams from the internet's server to a port of a tunnel's block.</summary>
    public DatagramStream Download(DesiredAddress address, int block, int port = 9)
    {
        var inside = AddressLayout.PortsOfBlock(block).First + port;
        return new DatagramStream(
            (Lab.Internet, new IPEndPoint(NodeLab.Server, 0)),
            (Lab.WorkerHost, new IPEndPoint(AddressLayout.AddressOfBlock(address.Inner, block), inside)),
            new IPEndPoint(address.PrivateAddress, inside));
    }

    /// <summary>Until the handshake is done WireGuard keeps packets back.</summary>
    public async Task WarmAsync(DesiredAddress address, DatagramStream stream, bool outgoing)
    {
        using var up = outgoing ? null : Upload(address, 0, port: 200);
        await (up ?? stream).SendAsync(1, 100);
        await Eventually.TrueAsync(() => (up ?? stream).Received > 0, "the tunnel carries");
    }

    public void Dispose()
    {
        DataPlane.TeardownAsync(CancellationToken.None).GetAwaiter().GetResult();
        foreach (var name in _tunnels)
            _wireGuard.DeleteAsync(name, CancellationToken.None).GetAwaiter().GetResult();
        _wireGuard.Dispose();
        DataPlane.Dispose();
        Lab.Dispose();
    }

    private async Task AddTunnelAsync(DesiredAddress address, WireGuardPrivateKey key, List<IPAddress> inner)
    {
        var name = $"vs{RandomNumberGenerator.GetInt32(10_000, 9_999_999)}";
        var table = 100 + _tunnels.Count;
        _tunnels.Add(name);
        await _wireGuard.CreateAsync(name, CancellationToken.None);
        await _wireGuard.ConfigureAsync(name, new DeviceConfig
        {
            PrivateKey = key,
            ListenPort = NodeLab.WorkerPort + table,
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
        NodeLab.Ip(Lab.WorkerHost, [.. inner.Select(item => $"address add {item}/32 dev {name}")]);
        NodeLab.Ip(Lab.WorkerHost, $"link set {name} up mtu 1420", $"route add default dev {name} table {table}");
        NodeLab.Ip(Lab.WorkerHost, [.. inner.Select(item => $"rule add from {item} lookup {table}")]);
        // Loose: tunnels and eth0 lead to the same places.
        Lab.WorkerHost.Run(() => File.WriteAllText($"/proc/sys/net/ipv4/conf/{name}/rp_filter", "2"));
    }
}
