using System.Net;
using System.Net.Sockets;
using Vprox.Addressing;
using Vprox.Lab.Probes;
using Vprox.NodeAgent.Core;
using Vprox.NodeAgent.Tests.Given;

namespace Vprox.NodeAgent.Tests.DataPlane.Live;

/// <summary>
/// Path MTU discovery (RFC 1191) through a node, in both directions. The address is on the second ENI: what the node itself says about it must leave
/// there, for EC2 drops what leaves another ENI with its address.
/// </summary>
public sealed class PathMtuTests : IDisposable
{
    private static readonly IPAddress Far = Ipv4.Parse("203.0.113.77");

    private readonly NodeLab _lab = new();

    public PathMtuTests() => _lab.Node.Run(() => File.WriteAllText("/proc/sys/net/ipv4/fwmark_reflect", "1"));

    public void Dispose() => _lab.Dispose();

    [Fact]
    public async Task A_remote_that_sends_more_than_the_tunnel_takes_is_told_by_the_address_itself()
    {
        var address = await ServeAsync();
        using var remote = new LargeDatagrams(_lab.Internet, new IPEndPoint(NodeLab.Server, 1030), new IPEndPoint(address.PrivateAddress, 1030));
        using var capture = new Capture(_lab.Internet, "node2", "icmp or udp");

        await Eventually.TrueAsync(() => remote.MtuAfterSending(1500) == 1420, "the remote has been told of 1420 bytes");

        var told = (await capture.LinesUntilAsync("need to frag"))[^1];
        Assert.Contains($"{address.PrivateAddress} > {NodeLab.Server}: ICMP", told, StringComparison.Ordinal);
        Assert.Contains("mtu 1420", told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_router_beyond_the_node_that_wants_smaller_packets_is_heard_in_the_tunnel()
    {
        await ServeAsync();
        NodeLab.Ip(_lab.Internet, $"route add {Far}/32 via 198.51.100.2 mtu 1300");
        using var client = new LargeDatagrams(_lab.WorkerHost, IPEndPoint.Parse("240.0.0.2:1030"), new IPEndPoint(Far, 9));

        await Eventually.TrueAsync(() => client.MtuAfterSending(1400) == 1300, "the client has been told of 1300 bytes");
    }

    [Fact]
    public async Task A_client_that_does_not_clamp_is_clamped_to_what_the_tunnel_takes_in_both_directions()
    {
        await ServeAsync();
        using var listening = new Echo(_lab.Internet, NodeLab.Server, 7);
        using var capture = new Capture(_lab.Internet, "node2", "tcp[tcpflags] & tcp-syn != 0");
        // Forged, for this kernel's own would know the interface's MTU.
        using var raw = _lab.WorkerHost.Run(() => new Socket(AddressFamily.InterNetwork, SocketType.Raw, ProtocolType.Tcp));
        raw.Bind(new IPEndPoint(IPAddress.Parse("240.0.0.2"), 0));

        await raw.SendToAsync(ForgedPackets.Syn(IPAddress.Parse("240.0.0.2"), 1030, NodeLab.Server, 7, segment: 1460), new IPEndPoint(NodeLab.Server, 0));

        Assert.Contains("mss 1380", (await capture.LinesUntilAsync("Flags [S]"))[^1], StringComparison.Ordinal);
    }

    private async Task<DesiredAddress> ServeAsync()
    {
        var address = _lab.Address(0, _lab.WorkerPeer("240.0.0.2")) with { PrivateAddress = Ipv4.Parse("10.0.2.64"), LinkName = "ens6" };
        await _lab.ApplyAsync(address);
        await _lab.ConnectWorkerAsync(address, "240.0.0.2");
        return address;
    }
}
