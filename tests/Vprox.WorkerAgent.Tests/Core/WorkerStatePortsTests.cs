using Vprox.WorkerAgent.Core;

namespace Vprox.WorkerAgent.Tests.Core;

public sealed class WorkerStatePortsTests
{
    [Fact]
    public void More_blocks_are_asked_for_once_and_come_without_a_change_of_the_tunnel()
    {
        var scene = new Scene().Route("c1");
        scene.On(new WorkerEvent.PortsPlanned("p1", new TunnelPorts { Wanted = 4 }));
        Assert.IsType<Duty.ChangePorts>(Assert.Single(scene.Due));
        scene.On(new WorkerEvent.PortsRefused("p1", "the Allocator is away", TimeSpan.FromSeconds(2)));
        Assert.Empty(scene.Due);
        scene.After(TimeSpan.FromSeconds(2));
        Assert.IsType<Duty.ChangePorts>(Assert.Single(scene.Due));

        var more = Connection(4);
        scene.Grant().On(new WorkerEvent.Connected("p1", more));
        Assert.Empty(scene.Due);
        Assert.Equal(TunnelPhase.Proven, scene.Tunnel.Phase);
        Assert.Equal(4, Assert.Single(scene.State.Desired().Tunnels).Blocks.Count);
    }

    [Fact]
    public void Fewer_blocks_than_wanted_are_used_and_the_rest_is_asked_for_later()
    {
        var scene = new Scene().Route("c1").On(new WorkerEvent.PortsPlanned("p1", new TunnelPorts { Wanted = 4 }));
        scene.Grant().On(new WorkerEvent.Connected("p1", Connection(3)));
        Assert.Empty(scene.Due);
        Assert.NotNull(scene.Tunnel.PortsRefusal);
        scene.After(TimeSpan.FromSeconds(3));
        Assert.IsType<Duty.ChangePorts>(Assert.Single(scene.Due));
    }

    [Fact]
    public void A_block_that_is_given_back_leaves_the_kernel_first_and_stays_away_until_a_grant_names_it_again()
    {
        var scene = new Scene().Route("c1").Grant().On(new WorkerEvent.Connected("p1", Connection(4)));
        var returned = Connection(4).Blocks[3].Address;
        scene.On(new WorkerEvent.PortsPlanned("p1", new TunnelPorts { Returning = [returned] }));
        var path = Assert.Single(scene.State.Desired().Tunnels);
        Assert.Equal((3, 3), (path.Blocks.Count, path.InnerAddresses.Count));
        // A plan from before does not bring it back.
        scene.On(new WorkerEvent.PortsPlanned("p1", TunnelPorts.AsGranted));
        Assert.Contains(returned, scene.Tunnel.Ports.Returning);
        Assert.IsType<Duty.ChangePorts>(Assert.Single(scene.Due));
        scene.Grant().On(new WorkerEvent.Connected("p1", Connection(3)));
        Assert.Empty(scene.Due);
        Assert.Equal(TunnelPorts.AsGranted, scene.Tunnel.Ports);
        scene.On(new WorkerEvent.Connected("p1", Connection(4)));
        Assert.Equal(4, Assert.Single(scene.State.Desired().Tunnels).Blocks.Count);
    }

    [Fact]
    public void A_lost_tunnel_asks_for_its_path_and_not_for_ports()
    {
        var scene = new Scene().Route("c1").On(new WorkerEvent.PortsPlanned("p1", new TunnelPorts { Wanted = 4 })).On(new WorkerEvent.FellSilent("p1"));
        Assert.IsType<Duty.Reconnect>(Assert.Single(scene.Due));
    }

    [Fact]
    public void A_tunnel_that_is_given_a_lower_block_keeps_its_zone_and_its_open_connections()
    {
        var scene = new Scene().Start("c1").Kernel().Grant().On(new WorkerEvent.Connected("p1", Connection(2, from: 10))).Kernel().Prove().Kernel();
        var zone = Zone(scene);

        // A grant lists a tunnel's addresses in the order of their numbers, and so does the node.
        scene.On(new WorkerEvent.Connected("p1", Of([3, 10, 11])));
        Assert.Equal(zone, Zone(scene));
        Assert.Equal([10, 11, 3], BlocksOf(scene));
        scene.On(new WorkerEvent.Connected("p1", Of([2, 3, 4, 10, 11])));
        Assert.Equal([10, 11, 3, 2, 4], BlocksOf(scene));
        scene.On(new WorkerEvent.Connected("p1", Of([2, 10])));
        Assert.Equal([10, 2], BlocksOf(scene));
        Assert.Equal(zone, Zone(scene));

        static ushort Zone(Scene scene) => ConntrackZone.Of(Assert.Single(scene.State.Desired().Tunnels).InnerAddresses[0]);
        static IEnumerable<int> BlocksOf(Scene scene)
        {
            var tunnel = Assert.Single(scene.State.Desired().Tunnels);
            Assert.Equal(tunnel.InnerAddresses, tunnel.Blocks.Select(block => block.Address));
            return tunnel.Blocks.Select(block => (block.Ports.First - 1024) / 256);
        }
    }

    private static NodeConnection Connection(int blocks, int from = 0) => Of([.. Enumerable.Range(from, blocks)]);

    private static NodeConnection Of(IReadOnlyList<int> blocks)
    {
        var inner = Addressing.Ipv4Prefix.Parse("240.0.0.0/22");
        var made = blocks.Select(block => new InnerBlock(
            Addressing.AddressLayout.AddressOfBlock(inner, block), Addressing.AddressLayout.PortsOfBlock(block))).ToList();
        return Scene.Connection() with { InnerAddresses = [.. made.Select(block => block.Address)], Blocks = made };
    }
}
