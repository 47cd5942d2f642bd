namespace Vprox.Allocator.Adapters.Storage;

/// <summary>A node as it described itself, and what Failover and operators said of it.</summary>
public sealed class Node
{
    public required string NodeId { get; init; }

    public required string InstanceId { get; set; }

    public required string Region { get; set; }

    public required string SealingPublicKey { get; set; }

    public required string ProbeUrl { get; set; }

    public required string AgentVersion { get; set; }

    public required DateTimeOffset StartedAt { get; set; }

    public required DateTimeOffset LastSeenAt { get; set; }

    public bool Unhealthy { get; set; }

    public bool Draining { get; set; }

    public bool Cordoned { get; set; }

    /// <summary>When Failover last decided about it; an older verdict is late.</summary>
    public DateTimeOffset? JudgedAt { get; set; }

    public List<NetworkInterface> NetworkInterfaces { get; init; } = [];
}
