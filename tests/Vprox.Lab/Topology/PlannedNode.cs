using System.Net;
using Vprox.Addressing;
using Vprox.Lab.Cloud.Admin;

namespace Vprox.Lab.Topology;

/// <summary>A node as EC2 knows it.</summary>
public sealed record PlannedNode(string InstanceId, IReadOnlyList<PlannedNetworkInterface> NetworkInterfaces)
{
    internal static PlannedNode Of(InstanceView instance) => new(instance.InstanceId,
    [
        .. instance.NetworkInterfaces.Select(eni => new PlannedNetworkInterface(
            eni.Id, eni.SubnetId, Ipv4Prefix.Parse(eni.Subnet), eni.MacAddress, IPAddress.Parse(eni.PrimaryAddress))),
    ]);
}

/// <summary>One of its ENIs.</summary>
public sealed record PlannedNetworkInterface(string Id, string SubnetId, Ipv4Prefix Subnet, string MacAddress, IPAddress PrimaryAddress);
