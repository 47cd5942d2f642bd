using System.Net;
using System.Net.Sockets;
using Vprox.Addressing;
using Vprox.NodeAgent.Adapters.Kernel;
using Vprox.NodeAgent.Core;
using Vprox.NodeAgent.Core.DataPlane;
using Vprox.NodeAgent.Core.DataPlane.Counting;
using Vprox.NodeAgent.Tests.Given;
using Vprox.WireGuard;

namespace Vprox.NodeAgent.Tests.DataPlane.Live;

/// <summary>
/// What addresses send and receive is counted, to the packet and to the byte, with a rate or without. Streams are slow: a busy machine keeps packets
/// back, and must lose none before they reach the node.
/// </summary>
public sealed class CountingTests : IDisposable
{
    // IP and UDP.
    private const int Headers = 28;
    private static readonly int[] FirstBlock = [0];
    private static readonly Bandwidth Rate = new(null, 10);
    private static readonly TimeSpan While = TimeSpan.FromSeconds(1);

    private readonly ShapingLab _lab = new();

    public void Dispose() => _lab.Dispose();

    [Fact]
    public async Task What_an_address_without_a_rate_sends_and_receives_is_counted_exactly()
    {
        var address = await _lab.ConnectAsync(0, Bandwidth.Any, FirstBlock);
        var other = await _lab.ConnectAsync(1, Bandwidth.Any, FirstBlock);
        await _lab.ApplyAsync(address, other);
        using var up = _lab.Upload(address, 0);
        using var down = _lab.Download(address, 0, port: 10);
        await _lab.WarmAsync(address, up, outgoing: true);
        var before = Counted(_lab.DataPlane, address);
        var warmed = up.Sent;

        await up.SendAsync(0.5, While, size: 500);
        await down.SendAsync(0.5, While, size: 200);
        await Eventually.EqualAsync((up.Sent, down.Sent), () => (up.Received, down.Received));
        // The node's own: an echo reply of the gateway in the tunnel, one of the address, and encrypted packets all the while.
        _lab.Lab.WorkerHost.Execute("ping", "-c3", "-i0.2", "-I", $"{AddressLayout.AddressOfBlock(address.Inner, 0)}", $"{AddressLayout.ServerAddress(address.Inner)}");
        _lab.Lab.Internet.Execute("ping", "-c3", "-i0.2", $"{address.PrivateAddress}");

        var after = Counted(_lab.DataPlane, address);
        var (sent, received) = ((ulong)(up.Sent - warmed), (ulong)down.Sent);
        Assert.Equal((sent, sent * (500 + Headers)), (after.Sent.Packets - before.Sent.Packets, after.Sent.Bytes - before.Sent.Bytes));
        Assert.Equal((received, received * (200 + Headers)), (after.Received.Packets - before.Received.Packets, after.Received.Bytes - before.Received.Bytes));
        Assert.Equal((0ul, 0ul), (after.Sent.Drops, after.Received.Drops));
        var others = Counted(_lab.DataPlane, other);
        Assert.Equal((0ul, 0ul), (others.Sent.Packets, others.Received.Packets));
        Assert.DoesNotContain("htb", _lab.Lab.Node.Execute("tc", "qdisc", "show"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_firewall_drops_was_not_sent_and_what_nobody_asked_for_was_not_received()
    {
        var address = await _lab.ConnectAsync(0, Bandwidth.Any, FirstBlock);
        await _lab.ApplyAsync(address);
        using var up = _lab.Upload(address, 0);
        await _lab.WarmAsync(address, up, outgoing: true);
        var before = Counted(_lab.DataPlane, address);

        // A denied destination, and a SYN to a port block.
        _lab.Lab.WorkerHost.Run(() => SendTo(AddressLayout.AddressOfBlock(address.Inner, 0), "10.0.1.1"));
        Assert.True(await Client.IsSilentAsync(_lab.Lab.Internet, "0.0.0.0", address.PrivateAddress, AddressLayout.PortsOfBlock(0).First));
        await Eventually.TrueAsync(() => _lab.Lab.Dropped("tunnel_denied") > 0 && _lab.Lab.Dropped("internet_syn") > 0, "both were dropped");

        Assert.Equal(before, Counted(_lab.DataPlane, address));
    }

    [Fact]
    public async Task Counters_go_on_while_rates_come_and_go_the_table_is_built_anew_and_the_agent_starts_again()
    {
        var address = await _lab.ConnectAsync(0, Bandwidth.Any, FirstBlock);
        await _lab.ApplyAsync(address);
        using var up = _lab.Upload(address, 0);
        await _lab.WarmAsync(address, up, outgoing: true);

        var sending = up.SendAsync(0.5, TimeSpan.FromSeconds(3), size: 200);
        do
        {
            foreach (var changed in (DesiredAddress[])[address with { Bandwidth = Rate }, address with { Bandwidth = Rate, Zone = 7 }, address])
                await _lab.ApplyAsync(changed);
        }
        while (!sending.IsCompleted);
        await sending;
        // Counted before the queue: the kernel may drop some where a tree comes or goes.
        await Eventually.EqualAsync((ulong)up.Sent, () => Counted(_lab.DataPlane, address).Sent.Packets);
        var before = Counted(_lab.DataPlane, address);

        _lab.Lab.Node.Execute("nft", "add chain inet vprox forward { policy drop; }");
        Assert.Contains((await _lab.ApplyAsync(address)).Steps, step => step.Contains("table built anew", StringComparison.Ordinal));
        Assert.Equal(before, Counted(_lab.DataPlane, address));

        using var restarted = Another();
        Assert.Empty((await _lab.Lab.Node.RunAsync(() => restarted.ApplyAsync(_lab.Lab.Desired(address), NodeLab.AtOnce, CancellationToken.None))).Steps);
        Assert.Equal(before, Counted(restarted, address));
    }

    [Fact]
    public async Task Drops_stay_when_the_queue_goes_that_made_them()
    {
        var address = await _lab.ConnectAsync(0, Rate, FirstBlock);
        await _lab.ApplyAsync(address);
        using var down = _lab.Download(address, 0);
        await _lab.WarmAsync(address, down, outgoing: false);
        // The agent itself has not looked when the queue goes.
        using var witness = Another();
        var before = Counted(witness, address).Received;
        await down.SendAsync(25, While);
        AddressTraffic Now() => Counted(witness, address).Received;
        await Eventually.TrueAsync(() => Now() is var now && now.Packets - before.Packets + now.Drops == (ulong)down.Sent, "passed and dropped are all that was sent");
        var atItsLimit = Now();
        Assert.True(atItsLimit.Drops > 0);

        await _lab.ApplyAsync(address with { Bandwidth = Bandwidth.Any });

        Assert.DoesNotContain("htb", _lab.Lab.Node.Execute("tc", "qdisc", "show"), StringComparison.Ordinal);
        Assert.Equal(atItsLimit, Counted(_lab.DataPlane, address).Received);
    }

    [Fact]
    public async Task An_address_that_leaves_takes_its_counters_along()
    {
        var (address, other) = (_lab.Lab.Address(0), _lab.Lab.Address(1) with { LinkName = null });
        await _lab.ApplyAsync(address, other);
        Assert.Equal(4, _lab.DataPlane.CountTraffic().Addresses.Count);

        await _lab.ApplyAsync(other);

        Assert.All(_lab.DataPlane.CountTraffic().Addresses, traffic => Assert.Equal(other.ListenPort, traffic.ListenPort));
        Assert.Empty((await _lab.ApplyAsync(other)).Steps);
        await _lab.DataPlane.TeardownAsync(CancellationToken.None);
        Assert.Empty(_lab.DataPlane.CountTraffic().Addresses);
    }

    private NodeDataPlane Another() => _lab.Lab.Node.Run(() => NodeDataPlane.Open(_lab.DataPlane.Options, WireGuardBackend.Auto));

    private static (AddressTraffic Sent, AddressTraffic Received) Counted(NodeDataPlane dataPlane, DesiredAddress address)
    {
        var ofAddress = dataPlane.CountTraffic().Addresses.Where(traffic => traffic.ListenPort == address.ListenPort).ToLookup(traffic => traffic.Outgoing);
        return (ofAddress[true].Single(), ofAddress[false].Single());
    }

    private static void SendTo(IPAddress from, string destination)
    {
        using var socket = new UdpClient(new IPEndPoint(from, 0));
        socket.Send("x"u8, destination, 9);
    }
}
