using System.Collections.Immutable;
using System.Net;
using Vprox.Addressing;
using Vprox.Lab.Cloud.State;

namespace Vprox.Lab.Cloud;

/// <summary>What a cloud holds when it starts. Plain types: it is handed to the cloud's process as JSON.</summary>
public sealed record CloudSeed
{
    public string Region { get; init; } = "us-east-1";

    public IReadOnlyList<SeedSubnet> Subnets { get; init; } = [];

    public IReadOnlyList<SeedInstance> Instances { get; init; } = [];

    public IReadOnlyList<SeedElasticIp> ElasticIps { get; init; } = [];

    /// <summary>Names of SQS queues that an EventBridge rule feeds with EC2's events.</summary>
    public IReadOnlyList<string> EventQueues { get; init; } = ["vprox-events"];

    public int AddressesPerNetworkInterface { get; init; } = 30;

    public IReadOnlyList<SeedLaunchTemplate> LaunchTemplates { get; init; } = [];

    public Ec2State ToState()
    {
        var state = Ec2State.Empty with
        {
            AddressesPerNetworkInterface = AddressesPerNetworkInterface,
            Subnets = Subnets.ToImmutableSortedDictionary(
                subnet => subnet.Id,
                subnet => new Subnet { Id = subnet.Id, Prefix = Ipv4Prefix.Parse(subnet.Prefix), AvailabilityZone = subnet.Zone ?? $"{Region}a" },
                StringComparer.Ordinal),
            LaunchTemplates = LaunchTemplates.ToImmutableSortedDictionary(
                template => template.Id,
                template => new LaunchTemplate(template.Id, template.NetworkInterfaces),
                StringComparer.Ordinal),
            ElasticIps = ElasticIps.ToImmutableSortedDictionary(
                ip => ip.AllocationId,
                ip => new ElasticIp { AllocationId = ip.AllocationId, PublicAddress = IPAddress.Parse(ip.Address) },
                StringComparer.Ordinal),
        };
        foreach (var instance in Instances)
        {
            var zone = state.Subnets[instance.NetworkInterfaces[0].SubnetId].AvailabilityZone;
            state = state.With(new Instance { Id = instance.Id, AvailabilityZone = zone });
            foreach (var (index, eni) in instance.NetworkInterfaces.Index())
                state = state.With(new NetworkInterface
                {
                    Id = eni.Id,
                    SubnetId = eni.SubnetId,
                    InstanceId = instance.Id,
                    DeviceIndex = index,
                    MacAddress = eni.MacAddress,
                    PrimaryAddress = IPAddress.Parse(eni.PrimaryAddress),
                });
        }
        return state;
    }
}

public sealed record SeedSubnet(string Id, string Prefix, string? Zone = null);

public sealed record SeedInstance(string Id, IReadOnlyList<SeedNetworkInterface> NetworkInterfaces);

public sealed record SeedNetworkInterface(string Id, string SubnetId, string MacAddress, string PrimaryAddress);

public sealed record SeedElasticIp(string AllocationId, string Address);

/// <summary>A launch template for instances with that many ENIs.</summary>
public sealed record SeedLaunchTemplate(string Id, int NetworkInterfaces);
