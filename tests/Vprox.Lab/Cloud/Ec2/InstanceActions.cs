using System.Xml.Linq;
using Vprox.Lab.Cloud.State;
using Vprox.Lab.Cloud.State.Commands;

namespace Vprox.Lab.Cloud.Ec2;

/// <summary>Instances: Run, Start, Stop, Terminate, DescribeInstances, CreateTags.</summary>
public static class InstanceActions
{
    public static IEnumerable<XElement> Run(Ec2Request request, CloudRegion region)
    {
        var ids = request.Do(region, new RunInstances
        {
            SubnetId = request.Text("NetworkInterface.1.SubnetId") ?? request.Required("SubnetId"),
            Count = request.Number("MaxCount") ?? 1,
            InstanceType = request.Text("InstanceType") ?? "c7gn.8xlarge",
            LaunchTemplateId = request.Text("LaunchTemplate.LaunchTemplateId"),
            NetworkInterfaces = request.Count("NetworkInterface") is > 0 and var named ? named : null,
            ClientToken = request.Text("ClientToken"),
            Tags = request.TagsFor("instance"),
            NetworkInterfaceTags = request.TagsFor("network-interface"),
        });
        var state = region.Current;
        return
        [
            new("reservationId", "r-0000000000000001"),
            new("ownerId", Ec2Xml.Owner),
            new("instancesSet", ids.Select(id => Item(state, state.Instances[id]))),
        ];
    }

    public static Func<Ec2Request, CloudRegion, IEnumerable<XElement>> Change(InstanceOperation operation) => (request, region) =>
    {
        var changed = request.Do(region, new ChangeInstanceState { InstanceIds = request.List("InstanceId"), Operation = operation });
        return
        [
            new("instancesSet", changed.Select(instance => new XElement("item",
                new XElement("instanceId", instance.InstanceId),
                Ec2Xml.State("currentState", instance.Current),
                Ec2Xml.State("previousState", instance.Previous)))),
        ];
    };

    public static IEnumerable<XElement> Tag(Ec2Request request, CloudRegion region)
    {
        request.Do(region, new CreateTags { ResourceIds = request.List("ResourceId"), Tags = request.Tags("Tag") });
        return [new("return", true)];
    }

    public static IEnumerable<XElement> Describe(Ec2Request request, CloudRegion region)
    {
        var state = region.Described;
        var ids = request.List("InstanceId");
        if (ids.Count > 0 && request.Number("MaxResults") is not null)
            throw new Ec2Exception(new Ec2Error("InvalidParameterCombination",
                "The parameter instancesSet cannot be used with the parameter maxResults"));
        foreach (var id in ids.Where(id => !state.Instances.ContainsKey(id)))
            throw new Ec2Exception(Ec2Error.InstanceNotFound(id));
        var named = state.Instances.Values.Where(instance => ids.Count == 0 || ids.Contains(instance.Id));
        var found = Filter.Select(named, request.Filters(), (instance, name) => Property(state, instance, name));
        var (page, nextToken) = Page.Of(found, request);
        var set = new XElement("reservationSet", page.Select(instance => new XElement("item",
            new XElement("reservationId", $"r-{instance.Id}"),
            new XElement("ownerId", Ec2Xml.Owner),
            new XElement("instancesSet", Item(state, instance)))));
        return nextToken is null ? [set] : [set, nextToken];
    }

    private static IEnumerable<string?>? Property(Ec2State state, Instance instance, string name) => name switch
    {
        "instance-id" => [instance.Id],
        "instance-state-name" => [instance.State.Name()],
        "instance-state-code" => [$"{(int)instance.State}"],
        "client-token" => [instance.ClientToken],
        "instance-type" => [instance.InstanceType],
        "availability-zone" => [instance.AvailabilityZone],
        "vpc-id" => [Ec2Xml.Vpc],
        "subnet-id" or "network-interface.subnet-id" => state.NetworkInterfacesOf(instance.Id).Select(eni => eni.SubnetId),
        "network-interface.network-interface-id" => state.NetworkInterfacesOf(instance.Id).Select(eni => eni.Id),
        "private-ip-address" => state.NetworkInterfacesOf(instance.Id).Take(1).Select(eni => eni.PrimaryAddress.ToString()),
        "network-interface.addresses.private-ip-address" =>
            state.NetworkInterfacesOf(instance.Id).SelectMany(eni => eni.Addresses).Select(address => address.ToString()),
        _ => Filter.OfTags(instance.Tags, name),
    };

    private static XElement Item(Ec2State state, Instance instance)
    {
        var enis = state.NetworkInterfacesOf(instance.Id).ToList();
        return new("item",
            new XElement("instanceId", instance.Id),
            Ec2Xml.State("instanceState", instance.State),
            new XElement("instanceType", instance.InstanceType),
            new XElement("placement", new XElement("availabilityZone", instance.AvailabilityZone)),
            instance.ClientToken is null ? null : new XElement("clientToken", instance.ClientToken),
            enis.Count == 0 ? null : new XElement("privateIpAddress", enis[0].PrimaryAddress),
            enis.Count == 0 ? null : new XElement("subnetId", enis[0].SubnetId),
            new XElement("vpcId", Ec2Xml.Vpc),
            new XElement("networkInterfaceSet", enis.Select(eni => NetworkInterfaceActions.Item(state, eni))),
            Ec2Xml.Tags(instance.Tags));
    }
}
