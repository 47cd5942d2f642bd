using System.Net.Sockets;
using Vprox.Lab.Topology;
using Vprox.Lab.Topology.Faults;
using Vprox.Lab.Topology.Processes;
using Vprox.Netlink;
using Vprox.Nftables;

namespace Vprox.Lab.Tests.Topology;

public sealed class HostFaultTests : IAsyncLifetime
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    private VproxLab _lab = null!;

    private LabNode Node => _lab.Nodes[0];

    private string Primary => Node.Plan.NetworkInterfaces[0].PrimaryAddress.ToString();

    public async ValueTask InitializeAsync() =>
        _lab = await VproxLab.StartAsync(new LabOptions { Services = false, Nodes = 1, ContainersPerWorker = 0, NetworkInterfacesPerNode = 2 });

    public ValueTask DisposeAsync() => _lab.DisposeAsync();

    [Fact]
    public async Task A_frozen_host_stands_still_and_goes_on_when_it_is_thawed()
    {
        var clock = Node.Start(new ProcessSpec("clock", ["sh", "-c", "while :; do date +%s%N; sleep 0.02; done"], new Dictionary<string, string>()));
        await VproxLab.WaitForAsync("a line", () => Task.FromResult(clock.Tail() is { Length: > 0 } text ? text : null), Deadline);

        Node.Freeze();
        var last = clock.Tail(1);
        // A process whose vforked child was stopped before its exec waits for it in D, vfork(2).
        Assert.All(Node.Namespace.ProcessIds(), id => Assert.Matches("\nState:\t[TD]", File.ReadAllText($"/proc/{id}/status")));
        await PingAsync(_lab.Control, Primary, expected: false);
        Assert.Equal(last, clock.Tail(1));

        Node.Thaw();
        await VproxLab.WaitForAsync("the next line", () => Task.FromResult(clock.Tail(1) is { } text && text != last ? text : null), Deadline);
        await PingAsync(_lab.Control, Primary);
    }

    [Fact]
    public async Task Packets_are_lost_one_way_while_the_link_stays_up()
    {
        using var there = _lab.Control.OpenUdp();
        there.Bind(new System.Net.IPEndPoint(LabPlan.ControlPrivate, 0));
        using var here = Node.OpenUdp();
        here.Bind(new System.Net.IPEndPoint(Node.Plan.NetworkInterfaces[0].PrimaryAddress, 0));

        Node.LoseUplink(PacketDirection.Outbound);
        Assert.False(await ArrivesAsync(here, there));
        Assert.True(await ArrivesAsync(there, here));

        Node.LoseUplink(PacketDirection.Inbound);
        Assert.True(await ArrivesAsync(here, there));
        Assert.False(await ArrivesAsync(there, here));
        Assert.True(Node.Route.Link("eth0")!.IsUp);

        Node.RestoreUplink();
        Assert.True(await ArrivesAsync(here, there));
        Assert.True(await ArrivesAsync(there, here));
    }

    [Fact]
    public async Task A_host_that_lost_the_internet_still_reaches_the_VPC_and_one_without_bus_all_but_the_broker()
    {
        var worker = _lab.Workers[0];
        worker.LoseInternet();
        await Assert.ThrowsAsync<InvalidOperationException>(() => PingAsync(worker, LabPlan.InternetServer.ToString()));
        await PingAsync(worker, LabPlan.ControlManagement.ToString());
        worker.RestoreInternet();
        await PingAsync(worker, LabPlan.InternetServer.ToString());

        using var broker = _lab.Control.OpenTcp();
        broker.Bind(new System.Net.IPEndPoint(System.Net.IPAddress.Any, LabPlan.BrokerPort));
        broker.Listen();
        foreach (var (host, address) in ((LabHost, System.Net.IPAddress)[])[(worker, LabPlan.ControlManagement), (Node, LabPlan.ControlPrivate)])
        {
            host.CutBus();
            Assert.False(await ConnectsAsync(host, address, TimeSpan.FromMilliseconds(500)));
            await PingAsync(host, address.ToString());
            host.JoinBus();
            Assert.True(await ConnectsAsync(host, address, Deadline));
        }
    }

    [Fact]
    public async Task What_is_broken_again_and_again_does_not_hold()
    {
        using var nft = Node.Namespace.Run(() => new Nft());
        await using (Node.KeepNftFlushed())
        {
            nft.Run("table inet vprox { }");
            await VproxLab.WaitForAsync("flush", () => Task.FromResult(nft.Tables("inet").Count == 0 ? "gone" : null), Deadline);
        }
        nft.Run("table inet vprox { }");

        Node.Route.Execute(new AddVeth("vp49152", "vp-peer"));
        await using (Node.OccupyLink("vp49152"))
            Assert.Equal(LinkKind.Bridge, Node.Route.Link("vp49152")!.Kind);
        await using (Node.KeepLinkGone("vp49152"))
            Assert.Null(Node.Route.Link("vp49152"));
        Assert.Equal(["vprox"], nft.Tables("inet"));
    }

    [Fact]
    public async Task A_worker_loses_power_and_gets_it_back()
    {
        var worker = _lab.Workers[0];
        await worker.KillAsync();
        await Assert.ThrowsAsync<InvalidOperationException>(() => PingAsync(_lab.Internet, worker.PublicAddress.ToString()));
        worker.Revive();

        await PingAsync(_lab.Internet, worker.PublicAddress.ToString());
        await PingAsync(worker, "192.0.2.10", expected: false);
    }

    private static async Task PingAsync(LabHost host, string address, bool expected = true)
    {
        if (expected)
            await host.ExecuteAsync("ping", "-c", "2", "-i", "0.2", "-W", "1", address);
        else
            await Assert.ThrowsAsync<InvalidOperationException>(() => host.ExecuteAsync("ping", "-c", "1", "-W", "1", address));
    }

    private static async Task<bool> ConnectsAsync(LabHost host, System.Net.IPAddress address, TimeSpan within)
    {
        using var socket = host.OpenTcp();
        using var deadline = new CancellationTokenSource(within);
        try
        {
            await socket.ConnectAsync(address, LabPlan.BrokerPort, deadline.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>Sends until one arrives or none did for a while.</summary>
    private static async Task<bool> ArrivesAsync(Socket from, Socket to)
    {
        while (to.Available > 0)
            await to.ReceiveAsync(new byte[16]);
        for (var attempt = 0; attempt < 10; attempt++)
        {
            await from.SendToAsync("x"u8.ToArray(), to.LocalEndPoint!);
            if (to.Poll(TimeSpan.FromMilliseconds(50), SelectMode.SelectRead))
                return true;
        }
        return false;
    }
}
