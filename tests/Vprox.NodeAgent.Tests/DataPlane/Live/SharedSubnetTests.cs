using Vprox.Addressing;
using Vprox.NodeAgent.Core;
using Vprox.NodeAgent.Core.DataPlane;

namespace Vprox.NodeAgent.Tests.DataPlane.Live;

/// <summary>
/// Two ENIs in one subnet, the second of them plugged in while the node runs and down, as distributions leave it. EC2 drops what leaves an ENI with
/// another one's address, and what comes goes to the MAC that answered ARP.
/// </summary>
public sealed class SharedSubnetTests : IDisposable
{
    private readonly NodeLab _lab = new();

    public SharedSubnetTests() => NodeLab.Ip(_lab.Internet,
        "link add subnet type bridge", "link set subnet up", "address delete 10.0.1.1/24 dev node", "address add 10.0.1.1/24 dev subnet",
        "link set node master subnet");

    public void Dispose() => _lab.Dispose();

    [Fact]
    public async Task A_plugged_in_interface_is_set_up_and_its_address_leaves_by_it_alone()
    {
        await ApplyAsync(_lab.NetworkInterfaces);
        NodeLab.Ip(_lab.Internet, $"link add node3 type veth peer name ens7 netns {_lab.Node.Name}", "link set node3 master subnet up");
        var address = _lab.Address(1, _lab.WorkerPeer("240.0.4.2")) with { LinkName = "ens7" };
        using var itsOwn = new Capture(_lab.Internet, "node3", $"src host {address.PrivateAddress}");
        using var first = new Capture(_lab.Internet, "node", $"src host {address.PrivateAddress} or icmp");

        await ApplyAsync([.. _lab.NetworkInterfaces, Third], address);

        await _lab.ConnectWorkerAsync(address, "240.0.4.2");
        using var echo = new Echo(_lab.Internet, NodeLab.Server, 7);
        using var client = await Client.ConnectAsync(_lab.WorkerHost, "240.0.4.2", 1030, NodeLab.Server, 7);
        Assert.Equal("10.0.1.65:1030", await client.ReceiveLineAsync());
        // WireGuard's own packets and what was in them.
        await itsOwn.LinesUntilAsync($"{address.ListenPort} > ");
        await itsOwn.LinesUntilAsync($"10.0.1.65.1030 > {NodeLab.Server}.7");
        _lab.Node.Execute("ping", "-c1", "-W10", "-I", $"{NodeLab.Primary}", "10.0.1.1");
        Assert.DoesNotContain(await first.LinesUntilAsync("ICMP echo request"), line => line.Contains("10.0.1.65", StringComparison.Ordinal));
        Assert.Contains(MacOf("ens7"), _lab.Internet.Execute("ip", "neigh", "show", "10.0.1.65"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_that_changes_its_interface_leaves_by_the_new_one()
    {
        NodeLab.Ip(_lab.Internet, $"link add node3 type veth peer name ens7 netns {_lab.Node.Name}", "link set node3 master subnet up");
        IReadOnlyList<DesiredNetworkInterface> all = [.. _lab.NetworkInterfaces, Third];
        var address = _lab.Address(0, _lab.WorkerPeer("240.0.0.2"));
        await ApplyAsync(all, address);
        await _lab.ConnectWorkerAsync(address, "240.0.0.2");
        using var echo = new Echo(_lab.Internet, NodeLab.Server, 7);
        using (var client = await Client.ConnectAsync(_lab.WorkerHost, "240.0.0.2", 1030, NodeLab.Server, 7))
            await client.ReceiveLineAsync();
        using var itsOwn = new Capture(_lab.Internet, "node3", "src host 10.0.1.64 and tcp");

        await ApplyAsync(all, address with { LinkName = "ens7" });
        // EC2's router knows at once; this one is told.
        _lab.Internet.Execute("ip", "neigh", "flush", "all");

        using var again = await Client.ConnectAsync(_lab.WorkerHost, "240.0.0.2", 1031, NodeLab.Server, 7);
        Assert.Equal("10.0.1.64:1031", await again.ReceiveLineAsync());
        await itsOwn.LinesUntilAsync($"10.0.1.64.1031 > {NodeLab.Server}.7");
        Assert.Contains("10.0.1.64/32", _lab.Node.Execute("ip", "address", "show", "dev", "ens7"), StringComparison.Ordinal);
        Assert.DoesNotContain("10.0.1.64/32", _lab.Node.Execute("ip", "address", "show", "dev", "ens5"), StringComparison.Ordinal);
    }

    private static DesiredNetworkInterface Third { get; } =
        new() { LinkName = "ens7", DeviceNumber = 2, Subnet = Ipv4Prefix.Parse("10.0.1.0/24"), PrimaryAddress = Ipv4.Parse("10.0.1.11") };

    private Task<KernelRound> ApplyAsync(IReadOnlyList<DesiredNetworkInterface> interfaces, params DesiredAddress[] addresses) => _lab.Node.RunAsync(() =>
        _lab.DataPlane.ApplyAsync(new DesiredNode { NetworkInterfaces = interfaces, Addresses = addresses }, NodeLab.AtOnce, CancellationToken.None));

    private string MacOf(string link)
    {
        using var route = _lab.Node.Run(Netlink.RouteNetlink.Open);
        return string.Join(':', route.Link(link)!.HardwareAddress!.GetAddressBytes().Select(octet => $"{octet:x2}"));
    }
}
