namespace Vprox.Netlink;

/// <summary>A queueing discipline as it was observed.</summary>
public sealed record Qdisc
{
    /// <summary>Its link.</summary>
    public required int LinkIndex { get; init; }

    /// <summary>Its handle; 0: for the kernel's defaults.</summary>
    public required TrafficHandle Handle { get; init; }

    /// <summary>A class, <see cref="TrafficHandle.Root"/> or <see cref="TrafficHandle.Ingress"/>.</summary>
    public required TrafficHandle Parent { get; init; }

    /// <summary>The kernel's name of the kind.</summary>
    public required string Kind { get; init; }

    /// <summary>Its options; <see cref="OtherQdisc"/> for kinds that cannot be asked for here.</summary>
    public required QdiscSpec Spec { get; init; }

    /// <summary>What it has counted.</summary>
    public TrafficStatistics Statistics { get; init; }
}
