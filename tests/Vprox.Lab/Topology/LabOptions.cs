using Vprox.Lab.Cloud;

namespace Vprox.Lab.Topology;

/// <summary>What a lab consists of.</summary>
public sealed record LabOptions
{
    /// <summary>Proxy nodes, 1..6; more than one subnet takes them in turn.</summary>
    public int Nodes { get; init; } = 2;

    /// <summary>Subnets, each in an availability zone of its own, 1..3.</summary>
    public int Subnets { get; init; } = 1;

    /// <summary>ENIs per node, 1..8.</summary>
    public int NetworkInterfacesPerNode { get; init; } = 1;

    public int Workers { get; init; } = 1;

    public int ContainersPerWorker { get; init; } = 2;

    /// <summary>Elastic IPs the account holds, 192.0.2.10 and on, 0..240.</summary>
    public int ElasticIps { get; init; } = 8;

    /// <summary>How the cloud behaves at first; <see cref="VproxLab.Cloud"/> changes it later.</summary>
    public CloudSettings CloudSettings { get; init; } = new();

    /// <summary>False builds hosts, network and cloud only: no broker, no service.</summary>
    public bool Services { get; init; } = true;

    /// <summary>More options for services as environment variables, e.g. ["Failover__RecoverAfter"] = "00:00:01".</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>True lets everything run on when the object is disposed, for a person to look at; `Vprox.Lab clean` ends it.</summary>
    public bool Keep { get; init; }

    /// <summary>What is wrong with them, or null.</summary>
    internal string? Error() => (Nodes, Subnets, NetworkInterfacesPerNode, Workers, ContainersPerWorker, ElasticIps) switch
    {
        ( < 1 or > 6, _, _, _, _, _) => $"Nodes: {Nodes} is not within 1..6",
        (_, < 1 or > 3, _, _, _, _) => $"Subnets: {Subnets} is not within 1..3",
        (_, _, < 1 or > 8, _, _, _) => $"NetworkInterfacesPerNode: {NetworkInterfacesPerNode} is not within 1..8",
        (_, _, _, < 0 or > 50, _, _) => $"Workers: {Workers} is not within 0..50",
        (_, _, _, _, < 0 or > 240, _) => $"ContainersPerWorker: {ContainersPerWorker} is not within 0..240",
        (_, _, _, _, _, < 0 or > 240) => $"ElasticIps: {ElasticIps} is not within 0..240",
        _ => null,
    };

    /// <summary>Told what is being done, for a person who waits.</summary>
    public Action<string>? Progress { get; init; }
}
