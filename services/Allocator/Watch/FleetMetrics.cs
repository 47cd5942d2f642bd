using System.Diagnostics.Metrics;

namespace Vprox.Allocator.Watch;

/// <summary>Meter "Vprox.Allocator": the fleet as it was last looked at.</summary>
public sealed class FleetMetrics(FleetState state) : IHostedService, IDisposable
{
    private readonly Meter _meter = new("Vprox.Allocator");

    public Task StartAsync(CancellationToken cancellationToken)
    {
        Gauge(
            "vprox.allocator.any_node_may_die", "1 while every address of any one node would have a place within EC2's burst of calls, 0 otherwise",
            () => state.Regions.Select(region => Of(region.Survivability.Holds ? 1 : 0, ("region", region.Region))));
        Gauge(
            "vprox.allocator.addresses_without_place", "Addresses of a node that would find no place if it died",
            () => PerNode(node => node.Risk.WithoutPlace));
        Gauge(
            "vprox.allocator.addresses_late", "Addresses of a node that would wait for EC2's AssociateAddress if it died",
            () => PerNode(node => node.Risk.Late));
        Gauge(
            "vprox.allocator.addresses_leaving_subnet", "Addresses of a node that would have to leave their subnet if it died",
            () => PerNode(node => node.Risk.Across));
        Gauge(
            "vprox.allocator.addresses", "Addresses placed on a node",
            () => PerNode(node => node.Addresses));
        Gauge(
            "vprox.allocator.free_seats", "Secondary private addresses that nodes of a subnet have room for",
            () => state.Regions.SelectMany(region => region.Survivability.Subnets
                .Select(subnet => Of(subnet.FreeSeats, ("region", region.Region), ("subnet", subnet.SubnetId)))));
        Gauge(
            "vprox.allocator.stranded_addresses", "Addresses on a dead or draining node for which no other node has room",
            () => state.Regions.SelectMany(region => region.Fleet.Nodes.Where(node => node.MustBeLeft).Select(node => Of(
                region.Stranded.Count(placement => placement.NodeId == node.NodeId),
                ("region", region.Region), ("node", node.NodeId), ("standing", node.Unhealthy ? "unhealthy" : "draining")))));
        Gauge(
            "vprox.allocator.port_blocks_leased", "Port blocks that tunnels hold",
            () => state.Ports is { } ports ? [Of(ports.LeasedBlocks)] : []);
        Gauge(
            "vprox.allocator.tunnels_sharing_ports", "Tunnels that found no port block free: their connections are not kept when their address moves",
            () => state.Ports is { } ports ? [Of(ports.SharingTunnels)] : []);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();

    private void Gauge(string name, string description, Func<IEnumerable<Measurement<int>>> observe) =>
        _meter.CreateObservableGauge(name, observe, unit: null, description);

    private IEnumerable<Measurement<int>> PerNode(Func<Core.NodeSurvivability, int> value) =>
        state.Regions.SelectMany(region => region.Survivability.Nodes.Select(node => Of(value(node), ("region", region.Region), ("node", node.NodeId))));

    private static Measurement<int> Of(int value, params (string Key, string Value)[] tags) =>
        new(value, tags.Select(tag => new KeyValuePair<string, object?>(tag.Key, tag.Value)));
}
