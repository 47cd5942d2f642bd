using System.Net;
using Vprox.Lab.Probes;
using Vprox.Lab.Topology;

namespace Vprox.Acceptance.Tests;

/// <summary>What a container must not reach through its tunnel. Each test also shows that the target answers somebody else.</summary>
public sealed class IsolationFromContainerTests(SharedLab shared, ProxiedContainer proxied) : AcceptanceTest(shared), IClassFixture<ProxiedContainer>
{
    private static readonly int[] Ports = [22, 53, 80, 443, 5672, 9101, 9102];

    [Fact]
    public async Task The_nodes_metadata_service_is_unreachable()
    {
        var node = await NodeOfAsync(proxied.Address);
        Assert.Equal(PortAnswer.Open, (await PortScan.TcpAsync(node, LabPlan.Metadata, 80)).GetValueOrDefault(80));

        await AssertUnreachableAsync(LabPlan.Metadata);
    }

    [Fact]
    public async Task The_nodes_private_addresses_are_unreachable()
    {
        var node = await NodeOfAsync(proxied.Address);
        var primary = node.Plan.NetworkInterfaces[0].PrimaryAddress;
        Assert.True(await PortScan.AnswersPingAsync(Lab.Control, primary));
        Assert.Equal(PortAnswer.Open, (await PortScan.TcpAsync(Lab.Control, primary, 443)).GetValueOrDefault(443));

        await AssertUnreachableAsync(primary);
        await AssertUnreachableAsync(await PrivateAddressOfAsync(proxied.Address));
    }

    [Fact]
    public async Task The_nodes_inner_address_answers_ping_and_nothing_else()
    {
        Assert.True(await PortScan.AnswersPingAsync(proxied.Container, proxied.Tunnel.Gateway));

        Assert.Empty(await PortScan.TcpAsync(proxied.Container, proxied.Tunnel.Gateway, [.. Ports, proxied.Tunnel.Port]));
        Assert.Empty(await PortScan.UdpAsync(proxied.Container, proxied.Tunnel.Gateway, [.. Ports, proxied.Tunnel.Port]));
    }

    [Fact]
    public async Task Another_tunnels_inner_addresses_are_unreachable()
    {
        var (theirs, other) = await ProxyAsync("theirs", "ws-2");
        await RouteAsync(ClosedWorker.Containers[0], theirs, "theirs");
        var tunnel = await TunnelOfWorker.ReadAsync(ClosedWorker, other);

        await AssertUnreachableAsync(tunnel.Gateway);
        await Task.WhenAll(tunnel.InnerAddresses.Select(AssertUnreachableAsync));
    }

    [Fact]
    public async Task Another_workers_tunnel_to_the_same_address_is_unreachable()
    {
        await RouteAsync(ClosedWorker.Containers[0], proxied.ProxyId, "sibling");
        Assert.Equal(proxied.Address.ToString(), await ClosedWorker.Containers[0].SeenAddressAsync());
        var sibling = await TunnelOfWorker.ReadAsync(ClosedWorker, proxied.Address);

        await Task.WhenAll(sibling.InnerAddresses.Select(AssertUnreachableAsync));
    }

    [Fact]
    public async Task Another_workspaces_container_is_unreachable()
    {
        var other = ClosedWorker.Containers[0];
        var (theirs, _) = await ProxyAsync("theirs", "ws-2");
        await RouteAsync(other, theirs, "theirs");
        Assert.True(await PortScan.AnswersPingAsync(ClosedWorker, other.Address));

        await AssertUnreachableAsync(other.Address);
    }

    [Fact]
    public async Task Private_ranges_are_unreachable()
    {
        Assert.Equal(PortAnswer.Open, (await PortScan.TcpAsync(Lab.Nodes[0], LabPlan.ControlPrivate, LabPlan.BrokerPort)).GetValueOrDefault(LabPlan.BrokerPort));

        IPAddress[] targets = [LabPlan.ControlPrivate, LabPlan.ControlManagement, ClosedWorker.BridgeAddress, IPAddress.Parse("192.168.0.1"), IPAddress.Parse("100.64.0.1")];
        await Task.WhenAll(targets.Select(AssertUnreachableAsync));
    }

    private async Task AssertUnreachableAsync(IPAddress target)
    {
        var ping = PortScan.AnswersPingAsync(proxied.Container, target);
        var tcp = PortScan.TcpAsync(proxied.Container, target, Ports);
        var udp = PortScan.UdpAsync(proxied.Container, target, Ports);
        Assert.False(await ping, $"{target} answered a ping");
        Assert.DoesNotContain(await tcp, port => port.Value == PortAnswer.Open);
        Assert.DoesNotContain(await udp, port => port.Value == PortAnswer.Open);
    }
}
