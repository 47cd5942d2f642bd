using System.Net;
using System.Net.Sockets;
using System.Text;
using Vprox.Addressing;
using Vprox.Lab.Namespaces;
using Vprox.WireGuard;
using Vprox.WorkerAgent.Core;

namespace Vprox.WorkerAgent.Tests.Live;

/// <summary>
/// The worker's table between a container and a server, with a plain link in the tunnel's place: what conntrack remembers is the kernel's affair, not WireGuard's.
/// </summary>
public sealed class ReusedAddressTests : IDisposable
{
    private static readonly IPEndPoint Server = IPEndPoint.Parse("203.0.113.1:53");
    private static readonly IPEndPoint Container = IPEndPoint.Parse("10.88.0.2:40000");
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly string _prefix = NetworkNamespace.RandomPrefix();
    private readonly NetworkNamespace _container;
    private readonly NetworkNamespace _worker;
    private readonly NetworkNamespace _internet;

    public ReusedAddressTests()
    {
        _container = NetworkNamespace.Create($"{_prefix}-c");
        _worker = NetworkNamespace.Create($"{_prefix}-work");
        _internet = NetworkNamespace.Create($"{_prefix}-inet");
        Join(_worker, "br0", "10.88.0.1/24", _container, "eth0", "10.88.0.2/24");
        Join(_worker, "vw0", "203.0.113.2/24", _internet, "up0", "203.0.113.1/24");
        WorkerNetwork.Ip(_container, "route add default via 10.88.0.1");
        WorkerNetwork.Ip(_internet, "route add default via 203.0.113.2");
        WorkerNetwork.Shell(_worker, "sysctl -qw net.ipv4.ip_forward=1");
    }

    [Fact]
    public void A_container_at_an_address_that_another_had_does_not_leave_with_the_others_inner_address()
    {
        Translate("240.0.0.2");
        Assert.Equal("240.0.0.2", Ask());
        Assert.Equal("240.0.0.2", Ask());
        Translate("240.0.4.2");
        Assert.Equal("240.0.4.2", Ask());
        // And the first one's connections go on when it is the first one again.
        Translate("240.0.0.2");
        Assert.Equal("240.0.0.2", Ask());
    }

    public void Dispose()
    {
        foreach (var each in (NetworkNamespace[])[_container, _worker, _internet])
            each.Dispose();
    }

    /// <summary>Sends a datagram from the same port as ever; the source that the server sees, and whose answer arrives.</summary>
    private string Ask()
    {
        using var server = _internet.Run(() => Bound(Server));
        using var client = _container.Run(() => Bound(Container));
        client.SendTo("?"u8.ToArray(), Server);
        var buffer = new byte[16];
        EndPoint from = new IPEndPoint(IPAddress.Any, 0);
        server.ReceiveFrom(buffer, ref from);
        server.SendTo("!"u8.ToArray(), from);
        Assert.Equal("!", Encoding.ASCII.GetString(buffer, 0, client.Receive(buffer)));
        return $"{((IPEndPoint)from).Address}";
    }

    private void Translate(string inner) => WorkerNetwork.Shell(_worker, $"nft -f - <<'END'\n{WorkerRuleset.Render(new DesiredWorker
    {
        Guard = new Guard(),
        Containers = [new DesiredContainer { Ip = Container.Address, Link = "br0", Tunnel = 0 }],
        Tunnels =
        [
            new DesiredTunnel
            {
                Slot = 0,
                PrivateKey = WireGuardPrivateKey.Generate(),
                ServerPublicKey = WireGuardPrivateKey.Generate().PublicKey(),
                Endpoint = IPEndPoint.Parse("192.0.2.10:49152"),
                InnerAddresses = [IPAddress.Parse(inner)],
                Blocks = [new InnerBlock(IPAddress.Parse(inner), AddressLayout.PortsOfBlock(0))],
                Gateway = IPAddress.Parse("240.0.0.1"),
                Mtu = 1420,
            },
        ],
    }, stillHeld: []).Text}\nEND");

    private static Socket Bound(IPEndPoint to)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = (int)Patience.TotalMilliseconds };
        socket.Bind(to);
        return socket;
    }

    private static void Join(NetworkNamespace one, string name, string address, NetworkNamespace other, string otherName, string otherAddress)
    {
        WorkerNetwork.Ip(one, $"link add {name} type veth peer name {otherName} netns {other.Name}");
        WorkerNetwork.Ip(one, $"address add {address} dev {name}");
        WorkerNetwork.Ip(other, $"address add {otherAddress} dev {otherName}");
        WorkerNetwork.Ip(one, $"link set {name} up");
        WorkerNetwork.Ip(other, $"link set {otherName} up");
    }
}
