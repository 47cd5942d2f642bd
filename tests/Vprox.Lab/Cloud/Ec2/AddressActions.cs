using System.Net;
using System.Xml.Linq;
using Vprox.Lab.Cloud.State;
using Vprox.Lab.Cloud.State.Commands;

namespace Vprox.Lab.Cloud.Ec2;

/// <summary>Elastic IPs: AssociateAddress, DisassociateAddress, DescribeAddresses.</summary>
public static class AddressActions
{
    public static IEnumerable<XElement> Associate(Ec2Request request, CloudRegion region)
    {
        var id = request.Do(region, new AssociateAddress
        {
            AllocationId = request.Text("AllocationId"),
            NetworkInterfaceId = request.Text("NetworkInterfaceId"),
            InstanceId = request.Text("InstanceId"),
            PrivateIpAddress = request.Address("PrivateIpAddress"),
            AllowReassociation = request.Flag("AllowReassociation"),
        });
        return [new("return", true), new("associationId", id)];
    }

    public static IEnumerable<XElement> Disassociate(Ec2Request request, CloudRegion region)
    {
        request.Do(region, new DisassociateAddress { AssociationId = request.Required("AssociationId") });
        return [new("return", true)];
    }

    /// <summary>Not paginated.</summary>
    public static IEnumerable<XElement> Describe(Ec2Request request, CloudRegion region)
    {
        var state = region.Described;
        var ids = request.List("AllocationId");
        var addresses = request.List("PublicIp");
        foreach (var id in ids.Where(id => !state.ElasticIps.ContainsKey(id)))
            throw new Ec2Exception(Ec2Error.AllocationNotFound(id));
        foreach (var address in addresses.Where(address => state.ElasticIps.Values.All(ip => ip.PublicAddress.ToString() != address)))
            throw new Ec2Exception(new Ec2Error("InvalidAddress.NotFound", $"Address '{address}' not found."));

        var named = state.ElasticIps.Values.Where(ip => (ids.Count == 0 || ids.Contains(ip.AllocationId))
            && (addresses.Count == 0 || addresses.Contains(ip.PublicAddress.ToString())));
        var found = Filter.Select(named, request.Filters(), (ip, name) => name switch
        {
            "allocation-id" => [ip.AllocationId],
            "public-ip" => [ip.PublicAddress.ToString()],
            "domain" => ["vpc"],
            "association-id" => [ip.Association?.Id],
            "network-interface-id" => [ip.Association?.NetworkInterfaceId],
            "private-ip-address" => [ip.Association?.PrivateAddress.ToString()],
            "instance-id" => [InstanceOf(state, ip)],
            _ => null,
        });
        return [new("addressesSet", found.Select(ip => Item(state, ip)))];
    }

    private static XElement Item(Ec2State state, ElasticIp ip)
    {
        var item = new XElement("item",
            new XElement("publicIp", ip.PublicAddress),
            new XElement("allocationId", ip.AllocationId),
            new XElement("domain", "vpc"));
        if (ip.Association is { } association)
            item.Add(
                new XElement("instanceId", InstanceOf(state, ip)),
                new XElement("associationId", association.Id),
                new XElement("networkInterfaceId", association.NetworkInterfaceId),
                new XElement("networkInterfaceOwnerId", Ec2Xml.Owner),
                new XElement("privateIpAddress", association.PrivateAddress));
        return item;
    }

    private static string? InstanceOf(Ec2State state, ElasticIp ip) =>
        ip.Association is { } association ? state.NetworkInterfaces.GetValueOrDefault(association.NetworkInterfaceId)?.InstanceId : null;
}
