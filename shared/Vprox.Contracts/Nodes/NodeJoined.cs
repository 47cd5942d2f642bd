namespace Vprox.Contracts;

/// <summary>A node agent started, or says so again on its timer. NodeAgent → Allocator, Failover, exchange <c>vprox.node-joined</c>.</summary>
public sealed record NodeJoined
{
    /// <summary>The node's name: its EC2 instance id unless an option says otherwise.</summary>
    public required string NodeId { get; init; }

    /// <summary>EC2 instance id.</summary>
    public required string InstanceId { get; init; }

    /// <summary>Cloud region.</summary>
    public required string Region { get; init; }

    /// <summary>The node's X25519 public key (base64) that identities are sealed to.</summary>
    public required string SealingPublicKey { get; init; }

    /// <summary>Where Failover probes it: https://PRIMARY-ADDRESS.</summary>
    public required string ProbeUrl { get; init; }

    /// <summary>Its ENIs as IMDS shows them.</summary>
    public required IReadOnlyList<NodeNetworkInterface> NetworkInterfaces { get; init; }

    /// <summary>Version of the agent.</summary>
    public required string AgentVersion { get; init; }

    /// <summary>When the agent process started.</summary>
    public required DateTimeOffset StartedAt { get; init; }
}

/// <summary>An ENI of a node.</summary>
public sealed record NodeNetworkInterface
{
    /// <summary>EC2's id, e.g. eni-0123.</summary>
    public required string NetworkInterfaceId { get; init; }

    /// <summary>The subnet it is in; addresses move without their Elastic IP only within one subnet.</summary>
    public required string SubnetId { get; init; }

    /// <summary>The subnet in CIDR notation.</summary>
    public required string SubnetCidr { get; init; }

    /// <summary>Its primary private address, which never moves.</summary>
    public required string PrimaryAddress { get; init; }

    /// <summary>Its secondary private addresses.</summary>
    public required IReadOnlyList<string> SecondaryAddresses { get; init; }

    /// <summary>How many secondary addresses it can hold, e.g. 29.</summary>
    public required int SecondaryCapacity { get; init; }
}
