using Vprox.Lab.Cloud;
using Vprox.Lab.Topology;

namespace Vprox.Scenarios.Catalog;

/// <summary>The labs that scenarios run in.</summary>
internal static class Labs
{
    /// <summary>What EC2's moves take to take effect in all scenarios that do not say otherwise.</summary>
    public const int EffectDelayMs = 300;

    /// <summary>Three nodes: when one dies, two are left to spread its addresses over.</summary>
    public static LabOptions ThreeNodes { get; } = Of(nodes: 3);

    /// <summary>Enough nodes that the share of dead ones matters: see Failover:HoldAbove.</summary>
    public static LabOptions SixNodes { get; } = Of(nodes: 6);

    /// <summary>Nodes of 8 ENIs: when one dies, any of the others could take them all.</summary>
    public static LabOptions FullNodes { get; } = Of(nodes: 3) with { NetworkInterfacesPerNode = 8, ElasticIps = 240 };

    /// <summary>Two nodes, each in a subnet of its own, and nobody thins out the one that holds more than EC2's burst.</summary>
    public static LabOptions TwoSubnets { get; } = With(Of(nodes: 2) with { Subnets = 2, NetworkInterfacesPerNode = 3, ElasticIps = 64 }, "Allocator__RebalanceMoves", "0");

    /// <summary>Two nodes and a launch template: when one is gone no other may die until it is replaced.</summary>
    public static LabOptions Replacing { get; } = With(Of(nodes: 2), "Failover__LaunchTemplateId", LabPlan.LaunchTemplateId);

    private static LabOptions With(LabOptions lab, string option, string value) =>
        lab with { Environment = new Dictionary<string, string>(lab.Environment) { [option] = value } };

    private static LabOptions Of(int nodes) => new()
    {
        Nodes = nodes,
        Workers = 2,
        // One for each static address, and one that carries no flow.
        ContainersPerWorker = 5,
        ElasticIps = 24,
        CloudSettings = new CloudSettings { EffectDelayMs = EffectDelayMs },
        Environment = new Dictionary<string, string>
        {
            // Addresses and nodes are soon at hand for the next run; no figure depends on either.
            ["Allocator__Quarantine"] = "00:00:01",
            ["Failover__RecoverAfter"] = "00:00:01",
            ["WorkerAgent__Linger"] = "00:00:01",
        },
    };
}
