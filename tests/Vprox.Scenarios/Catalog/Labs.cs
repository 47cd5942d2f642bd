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

    private static LabOptions Of(int nodes) => new()
    {
        Nodes = nodes,
        Workers = 2,
        ContainersPerWorker = 4,
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
