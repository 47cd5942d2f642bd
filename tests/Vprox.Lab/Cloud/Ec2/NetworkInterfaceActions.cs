using System.Xml.Linq;
using Vprox.Lab.Cloud.State;
using Vprox.Lab.Cloud.State.Commands;

namespace Vprox.Lab.Cloud.Ec2;

/// <summary>ENIs: AssignPrivateIpAddresses, UnassignPrivateIpAddresses, DescribeNetworkInterfaces.</summary>
public static class NetworkInterfaceActions
{
    public static IEnumerable<XElement> Assign(Ec2Request request, CloudRegion region)
    {
        var id = request.Required("NetworkInterfaceId");
        var assigned = request.Do(region, new AssignPrivateIpAddresses
        {
            NetworkInterfaceId = id,
            PrivateIpAddresses = request.Addresses("PrivateIpAddress"),
            SecondaryPrivateIpAddressCount = request.Number("SecondaryPrivateIpAddressCount"),
            AllowReassignment = request.Flag("AllowReassignment") ?? false,
        });
        return
        [
            new("networkInterfaceId", id),
            new("assignedPrivateIpAddressesSet", assigned.Select(address => new XElement("item", new XElement("privateIpAddress", address)))),
            new("return", true),
        ];
    }

    public static IEnumerable<XElement> Unassign(Ec2Request request, CloudRegion region)
    {
        request.Do(region, new UnassignPrivateIpAddresses
        {
            NetworkInterfaceId = request.Required("NetworkInterfaceId"),
            PrivateIpAddresses = request.Addresses("PrivateIpAddress"),
        });
        return [new("return", true)];
    }

    public static IEnumerable<XElement> Describe(Ec2Request request, CloudRegion region)
    {
        var state = region.Described;
        var ids = request.List("NetworkInterfaceId");
        foreach (var id in ids.Where(id => !state.NetworkInterfaces.ContainsKey(id)))
            throw new Ec2Exception(Ec2Error.NetworkInterfaceNotFound(id));
        var named = state.NetworkInterfaces.Values.Where(eni => ids.Count == 0 || ids.Contains(eni.Id));
        var found = Filter.Select(named, request.Filters(), (eni, name) => Property(state, eni, name));
        var (page, nextToken) = Page.Of(found, request);
        var set = new XElement("networkInterfaceSet", page.Select(eni => Item(state, eni)));
        return nextToken is null ? [set] : [set, nextToken];
    }

    private static IEnumerable<string?>? Property(Ec2State state, NetworkInterface eni, string name) => name switch
    {
        "network-interface-id" => [eni.Id],
        "subnet-id" => [eni.SubnetId],
        "vpc-id" => [Ec2Xml.Vpc],
        "availability-zone" => [state.Subnets[eni.SubnetId].AvailabilityZone],
        "mac-address" => [eni.MacAddress],
        "status" => ["in-use"],
        "private-ip-address" => [eni.PrimaryAddress.ToString()],
        "addresses.private-ip-address" => eni.Addresses.Select(address => address.ToString()),
        "addresses.primary" => eni.SecondaryAddresses.IsEmpty ? ["true"] : ["true", "false"],
        "attachment.instance-id" => [eni.InstanceId],
        "attachment.device-index" => [$"{eni.DeviceIndex}"],
        "attachment.status" => ["attached"],
        "association.public-ip" or "addresses.association.public-ip" =>
            eni.Addresses.Select(address => state.ElasticIpOn(address)?.PublicAddress.ToString()),
        "association.allocation-id" => eni.Addresses.Select(address => state.ElasticIpOn(address)?.AllocationId),
        "association.association-id" => eni.Addresses.Select(address => state.ElasticIpOn(address)?.Association?.Id),
        _ => Filter.OfTags(eni.Tags, name),
    };

    public static XElement Item(Ec2State state, NetworkInterface eni) => new("item",
        new XElement("networkInterfaceId", eni.Id),
        new XElement("subnetId", eni.SubnetId),
        new XElement("vpcId", Ec2Xml.Vpc),
        new XElement("availabilityZone", state.Subnets[eni.SubnetId].AvailabilityZone),
        new XElement("ownerId", Ec2Xml.Owner),
        new XElement("status", "in-use"),
        new XElement("macAddress", eni.MacAddress),
        new XElement("privateIpAddress", eni.PrimaryAddress),
        new XElement("sourceDestCheck", true),
        new XElement("attachment",
            new XElement("attachmentId", $"eni-attach-{eni.Id}"),
            new XElement("instanceId", eni.InstanceId),
            new XElement("deviceIndex", eni.DeviceIndex),
            new XElement("networkCardIndex", 0),
            new XElement("status", "attached"),
            new XElement("deleteOnTermination", true)),
        new XElement("privateIpAddressesSet", eni.Addresses.Select(address => new XElement("item",
            new XElement("privateIpAddress", address),
            new XElement("primary", address.Equals(eni.PrimaryAddress)),
            state.ElasticIpOn(address) is { } ip ? Ec2Xml.Association(ip) : null))),
        Ec2Xml.Tags(eni.Tags));
}
