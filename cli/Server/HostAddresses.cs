using System.Net.NetworkInformation;
using Vprox.Addressing;
using Vprox.Netlink;
using Vprox.NodeAgent.Core.DataPlane;
using Vprox.NodeAgent.Core.Metadata;

namespace Vprox.Cli.Server;

/// <summary>
/// Takes from the kernel what a node in EC2 takes from IMDS: the links that have an address to serve, with all their addresses, which are the host's own. Other
/// links, a container bridge for instance, are not ours to touch.
/// </summary>
internal sealed class HostAddresses(ServerOptions options, RouteNetlink route, TimeProvider time) : IMetadataSource
{
    /// <inheritdoc/>
    public string Name => "The kernel";

    /// <inheritdoc/>
    public Task<MetadataSnapshot> GlanceAsync(IReadOnlyList<AwaitedAddress> awaited, CancellationToken cancellationToken) => ReadAsync(cancellationToken);

    /// <inheritdoc/>
    public Task<MetadataSnapshot> ReadAsync(CancellationToken cancellationToken)
    {
        var addresses = route.Addresses().Where(address => address.Protocol != RouteProtocol.Vprox).ToLookup(address => address.LinkIndex);
        var gateways = route.Routes()
            .Where(each => each is { Table: RouteTable.Main, Destination.Length: 0, Type: RouteType.Unicast, LinkIndex: not null, Gateway: not null })
            .OrderBy(each => each.Metric).ToLookup(each => each.LinkIndex!.Value, each => each.Gateway);
        return Task.FromResult(new MetadataSnapshot
        {
            InstanceId = "server",
            Region = "none",
            ReadAt = time.GetUtcNow(),
            NetworkInterfaces = [.. route.Links()
                .Where(link => link is { IsLoopback: false, IsUp: true } && !TunnelName.IsOurs(link.Name))
                .Where(link => addresses[link.Index].Any(address => options.Addresses.Contains(address.Address)))
                .Select((link, number) => Of(link, number, [.. addresses[link.Index]]) with { Gateway = gateways[link.Index].FirstOrDefault() })],
        });
    }

    private static NetworkInterfaceMetadata Of(Link link, int number, IReadOnlyList<InterfaceAddress> addresses) => new()
    {
        NetworkInterfaceId = link.Name,
        MacAddress = (link.HardwareAddress ?? PhysicalAddress.None).ToString(),
        LinkName = link.Name,
        DeviceNumber = number,
        SubnetId = "",
        Subnet = Ipv4Prefix.Containing(addresses[0].Address, addresses[0].PrefixLength),
        PrimaryAddress = addresses[0].Address,
        SecondaryAddresses = [.. addresses.Select(address => address.Address).Distinct()],
        HostAddresses = [.. addresses.Select(address => address.Address).Distinct()],
        PublicAddresses = addresses.Select(address => address.Address).Distinct().ToDictionary(address => address),
    };
}
