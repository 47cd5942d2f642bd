using Vprox.Contracts;
using Vprox.Lab.Cloud;

namespace Vprox.Failover.Tests.Service;

/// <summary>What a test's region holds.</summary>
public static class Fleets
{
    public const string LaunchTemplate = "lt-0123456789abcdef0";

    /// <summary>Three nodes of one ENI each, the third in another subnet, and nine Elastic IPs.</summary>
    public static CloudSeed Small { get; } = new()
    {
        Subnets = [new("subnet-1", "10.0.1.0/24"), new("subnet-2", "10.0.2.0/24", "us-east-1b")],
        Instances =
        [
            new(FailoverFixture.Node1, [new("eni-1", "subnet-1", "0e:00:00:00:00:01", "10.0.1.10")]),
            new(FailoverFixture.Node2, [new("eni-2", "subnet-1", "0e:00:00:00:00:02", "10.0.1.11")]),
            new(FailoverFixture.FarNode, [new("eni-3", "subnet-2", "0e:00:00:00:00:03", "10.0.2.10")]),
        ],
        ElasticIps = [.. Enumerable.Range(1, 9).Select(k => new SeedElasticIp($"eipalloc-{k}", $"192.0.2.{k}"))],
        LaunchTemplates = [new(LaunchTemplate, 1)],
    };

    /// <summary>Two nodes of 8 ENIs each, and 232 Elastic IPs: as many as the ENIs of one have room for.</summary>
    public static CloudSeed Large { get; } = new()
    {
        Subnets = [new("subnet-1", "10.0.0.0/22")],
        Instances =
        [
            new(FailoverFixture.Node1, [.. Enumerable.Range(0, 8).Select(n => new SeedNetworkInterface($"eni-1{n}", "subnet-1", $"0e:00:00:00:01:0{n}", $"10.0.0.{10 + n}"))]),
            new(FailoverFixture.Node2, [.. Enumerable.Range(0, 8).Select(n => new SeedNetworkInterface($"eni-2{n}", "subnet-1", $"0e:00:00:00:02:0{n}", $"10.0.0.{20 + n}"))]),
        ],
        ElasticIps = [.. Enumerable.Range(0, 232).Select(k => new SeedElasticIp($"eipalloc-{k}", $"192.0.2.{k}"))],
    };

    /// <summary>The nodes of a region as they tell of themselves.</summary>
    public static IReadOnlyList<NodeJoined> Nodes(CloudSeed seed) => [.. seed.Instances.Select(instance => new NodeJoined
    {
        NodeId = instance.Id,
        InstanceId = instance.Id,
        Region = seed.Region,
        SealingPublicKey = "",
        ProbeUrl = "",
        NetworkInterfaces =
        [
            .. instance.NetworkInterfaces.Select(eni => new NodeNetworkInterface
            {
                NetworkInterfaceId = eni.Id,
                SubnetId = eni.SubnetId,
                SubnetCidr = seed.Subnets.Single(subnet => subnet.Id == eni.SubnetId).Prefix,
                PrimaryAddress = eni.PrimaryAddress,
                SecondaryAddresses = [],
                SecondaryCapacity = 29,
            }),
        ],
        AgentVersion = "0",
        StartedAt = DateTimeOffset.UnixEpoch,
    })];
}
